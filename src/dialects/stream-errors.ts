import type { GatewayError } from '../core/gateway-error.ts';
import { encodeError } from './error-envelopes.ts';
import { isObject, type JsonObject, parseObject } from './json-object.ts';
import type { FormatId } from './operation.ts';
import type { Framing } from './stream-events.ts';

/** A stream that has to end in an error. */
export interface BrokenStream {
  format: FormatId;
  framing: Framing;
  error: GatewayError;
  requestId: string;
  /** The events that the client was sent; null if there were none. */
  sent: SentEvents | null;
}

/** The parts of a sent stream that its error event may have to continue. */
export interface SentEvents {
  /** Data of the first and of the last event. */
  first: Buffer;
  last: Buffer;
  /** The items of a response, as far as they were sent. */
  output: readonly JsonObject[];
}

/** The bytes that end a stream with an error in its own protocol; after them the connection closes. */
export function encodeStreamError(stream: BrokenStream): string {
  const { format, framing, error, requestId, sent } = stream;
  switch (format) {
    case 'anthropic-messages':
      return `event: error\ndata: ${JSON.stringify(encodeError('anthropic', error, requestId))}\n\n`;
    case 'google-generate-content':
    case 'google-embeddings': {
      const body = JSON.stringify(encodeError('google', error, requestId));
      if (framing === 'sse') return `data: ${body}\r\n\r\n`;
      return `${sent === null ? '[' : ',\n'}${body}\n]`;
    }
    case 'openai-responses':
      return encodeResponsesEnd(stream);
    default:
      return `data: ${JSON.stringify(encodeError('openai', error, requestId))}\n\n`;
  }
}

/**
 * Agents wait for `response.failed`. It repeats the response that the stream opened with and the output so far,
 * because the SDK takes its snapshot from this event. Before the stream has opened there is only the `error`
 * event.
 * https://platform.openai.com/docs/api-reference/responses-streaming/response/failed
 */
function encodeResponsesEnd({ error, sent }: BrokenStream): string {
  const { response } = sent === null ? {} : parseObject(sent.first);
  const sequence_number = sent === null ? 0 : nextSequence(sent.last);
  const { message } = error;
  const code = failureCode(error);
  const event = isObject(response)
    ? {
        type: 'response.failed',
        sequence_number,
        response: {
          ...response,
          status: 'failed',
          error: { code, message },
          output: sent?.output ?? [],
        },
      }
    : { type: 'error', sequence_number, code: error.code, message, param: error.param ?? null };
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The codes that agents act on; all other errors share one code. */
function failureCode({ code, status }: GatewayError): string {
  if (code === 'context_length_exceeded') return code;
  return status === 429 ? 'rate_limit_exceeded' : 'server_error';
}

function nextSequence(last: Buffer): number {
  const { sequence_number: sequence } = parseObject(last);
  return typeof sequence === 'number' ? sequence + 1 : 0;
}
