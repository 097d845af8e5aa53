import type { GatewayError } from '../core/gateway-error.ts';
import { createSentOutput } from '../dialects/openai-responses/sent-output.ts';
import { encodeStreamError, type SentEvents } from '../dialects/stream-errors.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { StreamEvent, WireFormat } from '../dialects/wire-format.ts';
import { editEvent, isUntouched } from './edit-answer.ts';
import type { Exchange } from './exchange.ts';
import { framingOf } from './framing.ts';
import type { EventTranslation } from './translation.ts';

/** The client's side of a stream: what it gets for each event of the upstream. */
export interface StreamRenderer {
  render(event: StreamEvent): Buffer[];
  /** The last bytes; `rest` is what lay behind the last whole event. */
  end(rest: Buffer): Buffer[];
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
  const sent = createSentEvents(exchange.format);
  return {
    render(event) {
      const bytes = untouched ? event.raw : editEvent(event, edits);
      if (bytes === null) return [];
      sent.note(event.data);
      return [bytes];
    },
    end: (rest) => [rest],
    encodeFailure: (error) => encodeFailure(exchange, framing, { error, sent: sent.read() }),
  };
}

function renderTranslated(exchange: Exchange, events: EventTranslation): StreamRenderer {
  const steps = events.createSteps();
  const sent = createSentEvents(exchange.format);
  const write = (texts: readonly string[]) =>
    texts.map((text) => {
      const bytes = Buffer.from(text);
      sent.note(bytes.subarray(bytes.indexOf('{'), bytes.lastIndexOf('}') + 1));
      return bytes;
    });
  return {
    render: (event) => (event.data.length === 0 ? [] : write(steps.push(event))),
    end: () => write(steps.end()),
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
function createSentEvents({ id }: WireFormat) {
  const output = id === 'openai-responses' ? createSentOutput() : null;
  let first: Buffer | null = null;
  let last: Buffer | null = null;
  return {
    note(data: Buffer) {
      if (data.length === 0) return;
      first ??= data;
      last = data;
      output?.note(data);
    },
    read: (): SentEvents | null => first && last && { first, last, output: output?.read() ?? [] },
  };
}
