import { GatewayError } from '../core/gateway-error.ts';
import type { TokenUsage } from '../core/token-usage.ts';
import { createEventSplitter, type Framing } from '../dialects/stream-events.ts';
import type { StreamEvent, StreamReading } from '../dialects/wire-format.ts';
import { estimateStreamUsage } from './estimate-usage.ts';
import type { Exchange } from './exchange.ts';
import { reportedFailure } from './reported-failure.ts';
import type { Metered } from './settle.ts';
import { createRenderer } from './stream-renderer.ts';

/** Generated images come as one event of base64; nothing is near as long as this. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/** The upstream's side of a stream: whole events, read by the tap and rendered for the client. */
export interface StreamIntake {
  phase(): StreamPhase;
  /** The error that the upstream reported inside the stream. */
  failure(): GatewayError | null;
  /** The bytes for the client that this chunk completes; throws where it is no stream of its format. */
  push(chunk: Buffer): Buffer[];
  /** The last bytes, and whether the stream ended as its format says it must. */
  end(): { parts: Buffer[]; complete: boolean };
  /** The bytes that tell the client of a failure, behind what it got so far. */
  encodeFailure(error: GatewayError): Buffer;
  /** What the stream used; a cut one at least what passed. */
  meter(isCut: boolean): Metered;
}

/**
 * How far a stream is: before its first content, in its content, behind an event that may be its
 * last, or behind its terminal marker.
 */
export type StreamPhase = 'starting' | 'flowing' | 'finished' | 'terminal';

/** The intake of one exchange. */
export function createStreamIntake(exchange: Exchange, framing: Framing): StreamIntake {
  const { request, upstreamFormat } = exchange;
  const splitter = createEventSplitter(framing);
  const tap = upstreamFormat.createStreamTap();
  const { reading } = tap;
  const renderer = createRenderer(exchange, framing);
  let contentEvents = 0;

  const take = (event: StreamEvent): Buffer[] => {
    // Behind its terminal marker a stream has nothing to bill or to translate, whatever arrives.
    if (reading.terminal) return exchange.translation ? [] : renderer.render(event);
    const before = reading.contentBytes;
    tap.push(event);
    if (reading.contentBytes > before) contentEvents += 1;
    return renderer.render(event);
  };
  const counted = () =>
    estimateStreamUsage(request, { bytes: reading.contentBytes, events: contentEvents });

  return {
    phase() {
      if (reading.terminal) return 'terminal';
      if (reading.finished && !upstreamFormat.hasTerminalMarker) return 'finished';
      return reading.contentBytes > 0 ? 'flowing' : 'starting';
    },
    failure: () => reading.error && reportedFailure(reading.error),
    push(chunk) {
      const parts = splitter.push(chunk).flatMap(take);
      if (splitter.pendingBytes() <= MAX_EVENT_BYTES) return parts;
      throw new GatewayError(
        'upstream_invalid_response',
        `The upstream sent an event of more than ${MAX_EVENT_BYTES} bytes.`,
      );
    },
    end() {
      const { rest, event, whole } = splitter.end();
      const parts = event ? take(event) : [];
      const complete = reading.terminal || (reading.finished && whole);
      if (whole) parts.push(...renderer.end(event ? EMPTY : rest));
      return { parts, complete };
    },
    encodeFailure: renderer.encodeFailure,
    meter(isCut) {
      if (isCut) return meterCut(reading, counted());
      if (reading.usage === null) {
        return { usage: counted(), source: 'estimated', providerUsage: undefined };
      }
      return { usage: reading.usage, source: 'reported', providerUsage: usageText(reading) };
    },
  };
}

/**
 * What the upstream accepted is never refunded to zero (BUD-6): its report as far as it went, and at
 * least the content that passed.
 */
function meterCut(reading: StreamReading, counted: TokenUsage): Metered {
  const usage = reading.usage ?? counted;
  usage.tokens.outText = Math.max(usage.tokens.outText, counted.tokens.outText);
  return { usage, source: 'partial', providerUsage: usageText(reading) };
}

function usageText({ providerUsage }: StreamReading): string | undefined {
  return providerUsage == null ? undefined : JSON.stringify(providerUsage);
}
