import { GatewayError } from '../core/gateway-error.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { Exchange } from './exchange.ts';
import { framingOf } from './framing.ts';
import { relayBytes } from './relay-bytes.ts';
import { relayStream } from './relay-stream.ts';
import { relayWhole } from './relay-whole.ts';

const JSON_TYPE = /^application\/([a-z.-]+\+)?json/i;

/** Relays a successful answer in the way that its content type asks for. */
export function relayAnswer(exchange: Exchange): Promise<void> {
  const { call, response, stream, translation } = exchange;
  const contentType = response.headers['content-type'] ?? '';
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return Promise.reject(notReadable(exchange, encoding));
  const framing = framingOfAnswer(exchange, contentType);
  const shown = framing && translation ? framingOf(call) : framing;
  // The client was promised a stream while it waited, and has seen how its events are framed.
  if (stream.isOpen() && stream.framing() !== shown) {
    return Promise.reject(notReadable(exchange, contentType));
  }
  if (framing !== null) return relayStream(exchange, framing);
  if (JSON_TYPE.test(contentType)) return relayWhole(exchange);
  if (operationFacts(call.operation).format === 'openai-audio') return relayBytes(exchange);
  return Promise.reject(notReadable(exchange, contentType || 'no content type'));
}

/** How the events of an answer are framed; null where it is no stream. */
function framingOfAnswer({ call, translation }: Exchange, contentType: string): Framing | null {
  if (/^text\/event-stream/i.test(contentType)) return 'sse';
  const isArray = call.operation === 'stream_generate_content' && JSON_TYPE.test(contentType);
  return isArray && translation === null ? 'json-array' : null;
}

/** An HTML page or the like where JSON was promised: another endpoint may do better. */
function notReadable({ endpoint, response }: Exchange, what: string): GatewayError {
  response.body.abort();
  return new GatewayError(
    'upstream_invalid_response',
    `Provider \`${endpoint.provider.name}\` answered ${response.status} with ${what} where JSON or events were expected; check its base_url.`,
  );
}
