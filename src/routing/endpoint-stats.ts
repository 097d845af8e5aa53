import { createSampleWindow } from './sample-window.ts';
import { createSumWindow } from './sum-window.ts';

/** Shorter answers say nothing of an endpoint's speed. */
const MIN_OUTPUT_TOKENS = 8;

/** What one attempt showed of its endpoint. */
export interface AttemptMeasure {
  /** Null where the attempt says nothing of the endpoint: the client's mistake, or its departure. */
  succeeded: boolean | null;
  /** From the attempt's start to the first content; null unless it was streamed. */
  ttftMs: number | null;
  /** Null where the upstream did not report them. */
  outputTokens: number | null;
  /** From the first content, or from the start of an answer that was not streamed, to the end. */
  generationMs: number;
}

/** An endpoint's measurements at one moment. */
export interface Measurements {
  /** Median time to first token in whole milliseconds; null without samples. */
  ttftMs: number | null;
  ttftSamples: number;
  /** Output tokens per second in tenths, over all answers of the window; null without samples. */
  throughput: number | null;
  throughputSamples: number;
  /** Share of attempts that succeeded; 1 without any. */
  uptime: number;
  attempts: number;
}

/** Rolling measurements of one endpoint (ROU-6). */
export interface EndpointStats {
  record(measure: AttemptMeasure, nowMs: number): void;
  read(nowMs: number): Measurements;
}

/** Measurements that count for `windowMs`; memory is bounded, and an update takes constant time. */
export function createEndpointStats(windowMs: number): EndpointStats {
  const ttft = createSampleWindow(windowMs);
  const output = createSumWindow(windowMs);
  const outcomes = createSumWindow(windowMs);
  return {
    record({ succeeded, ttftMs, outputTokens, generationMs }, nowMs) {
      if (succeeded !== null) outcomes.add(Number(succeeded), 1, nowMs);
      if (!succeeded) return;
      if (ttftMs !== null) ttft.add(Math.round(ttftMs), nowMs);
      if (outputTokens !== null && outputTokens >= MIN_OUTPUT_TOKENS) {
        // A burst that arrives within a millisecond is still no infinite speed.
        output.add(outputTokens, Math.max(1, Math.round(generationMs)), nowMs);
      }
    },
    read(nowMs) {
      const speed = output.read(nowMs);
      const outcome = outcomes.read(nowMs);
      return {
        ttftMs: ttft.median(nowMs),
        ttftSamples: ttft.count(nowMs),
        throughput: speed.count === 0 ? null : Math.round((speed.part * 10_000) / speed.whole),
        throughputSamples: speed.count,
        uptime: outcome.count === 0 ? 1 : outcome.part / outcome.whole,
        attempts: outcome.count,
      };
    },
  };
}
