import { GatewayError } from '../core/gateway-error.ts';
import { type TokenUsage, totalOutput } from '../core/token-usage.ts';
import { createEventSplitter, type Framing } from '../dialects/stream-events.ts';
import type { StreamEvent, StreamReading, WireFormat } from '../dialects/wire-format.ts';
import { asUpstreamFailure } from './as-upstream-failure.ts';
import { estimateStreamUsage, type Passed } from './estimate-usage.ts';
import type { Exchange } from './exchange.ts';
import { writeReport } from './provider-report.ts';
import { reportedFailure } from './reported-failure.ts';
import type { Metered } from './settle.ts';
import { createRenderer } from './stream-renderer.ts';

/** Generated images come as one event of base64; nothing is near as long as this. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/** What a chunk completed, as bytes for the client. */
export interface Passage {
  parts: Buffer[];
  /** Behind those: what may be the end of the answer. */
  ending: Buffer[];
}

/** The upstream's side of a stream: whole events, read by the tap and rendered for the client. */
export interface StreamIntake {
  phase(): StreamPhase;
  /** True once content has passed, whatever is behind it. */
  hasContent(): boolean;
  /** The error that the upstream reported inside the stream. */
  reported(): GatewayError | null;
  /** Why the stream cannot be read on; what came before has been passed. */
  broken(): GatewayError | null;
  push(chunk: Buffer): Passage;
  /** The last bytes, and whether the stream ended as its format says it must. */
  end(): { parts: Buffer[]; complete: boolean };
  /** The bytes that tell the client of a failure, behind what it got so far. */
  encodeFailure(error: GatewayError): Buffer;
  /** What the stream used; a cut one at least what passed. */
  meter(isCut: boolean): Metered;
  /** What is known of a stream that nobody will see: what it reported, and its content; null = nothing. */
  meterUnseen(): Metered | null;
}

/** How far a stream is: on its way, behind an event that may be its last, or behind its terminal marker. */
export type StreamPhase = 'open' | 'finished' | 'terminal';

/** The intake of one exchange. */
export function createStreamIntake(exchange: Exchange, framing: Framing): StreamIntake {
  const splitter = createEventSplitter(framing);
  const view = createView(exchange.upstreamFormat);
  const { reading, isEnding } = view;
  const renderer = createRenderer(exchange, framing);
  let broken: GatewayError | null = null;

  /** Renders as far as it can be rendered. */
  const tryRendering = (rendering: () => void) => {
    if (broken !== null) return;
    try {
      rendering();
    } catch (thrown) {
      broken = asUpstreamFailure(thrown);
    }
  };
  const pass = (events: readonly StreamEvent[], { parts, ending }: Passage) => {
    const flowing = view.readOn(events);
    const isAllFlowing = flowing >= events.length;
    tryRendering(() => {
      renderer.render(isAllFlowing ? events : events.slice(0, flowing), parts);
      if (!isAllFlowing) renderer.render(events.slice(flowing), ending);
    });
  };
  /** Event by event: what cannot be translated has not passed, and does not count. */
  const translate = (events: readonly StreamEvent[], passage: Passage) => {
    for (const event of events) {
      if (reading.terminal || broken !== null) return;
      const before = view.content();
      view.read(event);
      // An error cannot be translated, and usage may still be behind it.
      if (reading.error !== null) continue;
      tryRendering(() => renderer.render([event], isEnding() ? passage.ending : flowOn(passage)));
      if (broken !== null) view.restore(before);
    }
  };
  const take = (events: readonly StreamEvent[]): Passage => {
    const passage: Passage = { parts: [], ending: [] };
    if (exchange.translation) translate(events, passage);
    else pass(events, passage);
    return passage;
  };
  const counted = () => estimateStreamUsage(exchange.request, view.content());

  return {
    phase: view.phase,
    hasContent: view.hasContent,
    reported: () => reading.error && reportedFailure(reading.error, exchange),
    broken: () => broken,
    push(chunk) {
      const passage = take(splitter.push(chunk));
      if (splitter.pendingBytes() > MAX_EVENT_BYTES) broken ??= tooLong();
      return passage;
    },
    end() {
      const { rest, event, whole } = splitter.end();
      const { parts, ending } = take(event ? [event] : []);
      parts.push(...ending);
      const complete = reading.terminal || (reading.finished && whole);
      // Behind a terminal marker the client gets its ending, whatever was cut there.
      const last = whole && event === null ? rest : EMPTY;
      if (whole || complete) tryRendering(() => renderer.end(last, parts));
      return { parts, complete };
    },
    encodeFailure: renderer.encodeFailure,
    meterUnseen: () =>
      reading.usage === null && reading.contentBytes === 0 ? null : meterCut(reading, counted),
    meter: (isCut) => (isCut ? meterCut(reading, counted) : meterWhole(reading, counted)),
  };
}

/** Where what flows goes to: with it what seemed to be the end, until another choice began. */
function flowOn({ parts, ending }: Passage): Buffer[] {
  if (ending.length > 0) parts.push(...ending.splice(0));
  return parts;
}

/** What was seen of a stream so far, and how much content it had. */
function createView(format: WireFormat) {
  const tap = format.createStreamTap();
  const { reading } = tap;
  let contentEvents = 0;
  const isEnding = () => reading.terminal || (reading.finished && !format.hasTerminalMarker);
  const read = (event: StreamEvent) => {
    const before = reading.contentBytes;
    tap.push(event);
    if (reading.contentBytes > before) contentEvents += 1;
  };
  return {
    reading,
    isEnding,
    hasContent: () => reading.contentBytes > 0 || reading.hasMedia,
    phase(): StreamPhase {
      if (reading.terminal) return 'terminal';
      return isEnding() ? 'finished' : 'open';
    },
    read,
    /** Reads as far as the terminal marker; tells how many events are behind no end. */
    readOn(events: readonly StreamEvent[]): number {
      let seen = 0;
      let flowing = 0;
      for (const event of events) {
        if (reading.terminal) break;
        read(event);
        seen += 1;
        if (!isEnding()) flowing = seen;
      }
      return flowing;
    },
    content: (): Passed => ({ bytes: reading.contentBytes, events: contentEvents }),
    restore(content: Passed) {
      reading.contentBytes = content.bytes;
      contentEvents = content.events;
    },
  };
}

function meterWhole(reading: StreamReading, counted: () => TokenUsage): Metered {
  const { usage } = reading;
  if (usage === null) return { usage: counted(), source: 'estimated', providerUsage: undefined };
  return { usage, source: 'reported', providerUsage: writeReport(reading.providerUsage) };
}

/**
 * What the upstream accepted is never refunded to zero (BUD-6): its report as far as it went, and, where the
 * answer had not finished, at least the content that passed.
 */
function meterCut(reading: StreamReading, counted: () => TokenUsage): Metered {
  const { usage, finished } = reading;
  const known = usage ?? counted();
  if (usage !== null && !finished) {
    // Reasoning that was reported is in what was counted.
    const missing = totalOutput(counted().tokens) - totalOutput(usage.tokens);
    usage.tokens.outText += Math.max(0, missing);
  }
  return { usage: known, source: 'partial', providerUsage: writeReport(reading.providerUsage) };
}

function tooLong(): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The upstream sent an event of more than ${MAX_EVENT_BYTES} bytes.`,
  );
}
