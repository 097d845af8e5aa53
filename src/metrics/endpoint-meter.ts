import { filledBuckets, TOKEN_BUCKETS, type TokenCounts } from '../core/token-usage.ts';
import type { MeteredRecord } from '../usage/usage-record.ts';
import { createDurationHistogram, type DurationHistogram } from './duration-histogram.ts';

/** What was counted of one model at one provider. */
export interface EndpointMeter {
  /** Calls by surface, then by class of HTTP status. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly errors: ReadonlyMap<string, number>;
  /** In the order of `TOKEN_BUCKETS`. */
  readonly tokens: readonly number[];
  readonly nanoUsd: bigint;
  /** Calls whose cost is not known; they add nothing to the cost. */
  readonly uncosted: number;
  readonly latency: DurationHistogram;
  readonly ttft: DurationHistogram;
  count(record: MeteredRecord): void;
}

/** A meter at zero. */
export function createEndpointMeter(): EndpointMeter {
  const calls = new Map<string, Map<string, number>>();
  const errors = new Map<string, number>();
  const tokens = TOKEN_BUCKETS.map(() => 0);
  const latency = createDurationHistogram();
  const ttft = createDurationHistogram();
  let nanoUsd = 0n;
  let uncosted = 0;
  return {
    calls,
    errors,
    tokens,
    latency,
    ttft,
    get nanoUsd() {
      return nanoUsd;
    },
    get uncosted() {
      return uncosted;
    },
    count(record) {
      let byStatus = calls.get(record.surface);
      if (byStatus === undefined) {
        byStatus = new Map();
        calls.set(record.surface, byStatus);
      }
      increment(byStatus, statusClass(record.httpStatus));
      if (record.errorCode !== undefined) increment(errors, record.errorCode);
      if (record.usage !== null) {
        addTokens(tokens, record.usage.tokens);
      }
      if (record.costNanoUsd === null) uncosted++;
      else nanoUsd += record.costNanoUsd;
      latency.observe(record.latencyMs);
      if (record.ttftMs !== undefined) ttft.observe(record.ttftMs);
    },
  };
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function addTokens(sums: number[], tokens: Readonly<TokenCounts>): void {
  for (const bucket of filledBuckets(tokens)) {
    const index = TOKEN_BUCKETS.indexOf(bucket);
    sums[index] = (sums[index] ?? 0) + tokens[bucket];
  }
}

/** Made once: text that is put together is hashed anew wherever it is looked up. */
const STATUS_CLASSES = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

function statusClass(status: number): string {
  const digit = Math.floor(status / 100);
  return STATUS_CLASSES[digit] ?? `${digit}xx`;
}
