import type { GatewayError } from '../core/gateway-error.ts';
import { type DataSpan, dataOf } from '../dialects/data-span.ts';
import { createSentOutput } from '../dialects/openai-responses/sent-output.ts';
import { encodeStreamError, type SentEvents } from '../dialects/stream-errors.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { StreamEvent } from '../dialects/wire-format.ts';
import { type AnswerEdits, editAnswer, editEvent, isUntouched } from './edit-answer.ts';
import { createEventRun } from './event-run.ts';
import type { Exchange } from './exchange.ts';
import { framingOf } from './framing.ts';
import type { EventTranslation } from './translation.ts';

const EMPTY = Buffer.alloc(0);

/**
 * The client's side of a stream: what it gets for the events of the upstream. Both add to the parts, as
 * far as they come before they throw.
 */
export interface StreamRenderer {
  render(events: readonly StreamEvent[], parts: Buffer[]): void;
  /** The last bytes; `rest` is what lay behind the last whole event. */
  end(rest: Buffer, parts: Buffer[]): void;
  /** The bytes that tell the client of a failure, behind what it got so far. */
  encodeFailure(error: GatewayError): Buffer;
}

/** The renderer of one exchange: the upstream's own bytes, or their translation. */
export function createRenderer(exchange: Exchange, framing: Framing): StreamRenderer {
  const events = exchange.translation?.events;
  return events ? renderTranslated(exchange, events) : renderUpstreamBytes(exchange, framing);
}

function renderUpstreamBytes(exchange: Exchange, framing: Framing): StreamRenderer {
  const { edits } = exchange;
  const untouched = isUntouched(edits);
  const sent = createSentEvents(edits);
  return {
    render(events, parts) {
      const run = createEventRun(parts);
      for (const event of events) {
        const edited = untouched ? 'kept' : editEvent(event, edits);
        if (edited === 'hidden') continue;
        sent.note(event);
        if (edited === 'kept') {
          run.add(event);
        } else {
          run.close();
          parts.push(edited);
        }
      }
      run.close();
    },
    end: (rest, parts) => void parts.push(rest),
    encodeFailure: (error) => encodeFailure(exchange, framing, { error, sent: sent.read() }),
  };
}

function renderTranslated(exchange: Exchange, events: EventTranslation): StreamRenderer {
  const steps = events.createSteps();
  const sent = createSentEvents(exchange.edits);
  const write = (texts: readonly string[], parts: Buffer[]) => {
    for (const text of texts) {
      const bytes = Buffer.from(text);
      const dataStart = bytes.indexOf('{');
      const dataEnd = bytes.lastIndexOf('}') + 1;
      // `[DONE]` tells an error nothing that it could continue.
      if (dataStart !== -1) sent.note({ source: bytes, dataStart, dataEnd });
      parts.push(bytes);
    }
  };
  return {
    render(events, parts) {
      for (const event of events) {
        const data = dataOf(event);
        if (data.length > 0) write(steps.push({ data }), parts);
      }
    },
    end: (_rest, parts) => write(steps.end(), parts),
    encodeFailure: (error) =>
      encodeFailure(exchange, framingOf(exchange.call), { error, sent: sent.read() }),
  };
}

interface Failure {
  error: GatewayError;
  sent: SentEvents | null;
}

function encodeFailure({ call, format }: Exchange, framing: Framing, { error, sent }: Failure) {
  const { requestId } = call;
  return Buffer.from(encodeStreamError({ format: format.id, framing, error, requestId, sent }));
}

/** What the client got, as far as an error event may continue it. */
function createSentEvents(edits: AnswerEdits) {
  return edits.format.id === 'openai-responses' ? createSentResponse(edits) : createSentAny();
}

function createSentResponse(edits: AnswerEdits) {
  const output = createSentOutput();
  let first: Buffer | null = null;
  let last: Buffer | null = null;
  return {
    note(event: DataSpan) {
      const data = dataOf(event);
      if (data.length === 0) return;
      first ??= data;
      last = data;
      output.note(data);
    },
    read: (): SentEvents | null =>
      first && last && { first: editAnswer(first, edits), last, output: output.read() },
  };
}

/** Other APIs' errors only ask whether anything was sent. */
function createSentAny() {
  let isAny = false;
  return {
    note({ dataStart, dataEnd }: DataSpan) {
      isAny ||= dataEnd > dataStart;
    },
    read: (): SentEvents | null => (isAny ? { first: EMPTY, last: EMPTY, output: [] } : null),
  };
}
