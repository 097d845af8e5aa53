import { GatewayError } from '../core/gateway-error.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { Exchange } from './exchange.ts';
import { relayBytes } from './relay-bytes.ts';
import { relayStream } from './relay-stream.ts';
import { relayWhole } from './relay-whole.ts';

/** Relays a successful answer in the way that its content type asks for. */
export function relayAnswer(exchange: Exchange): Promise<void> {
  const { call, response } = exchange;
  const contentType = response.headers['content-type'] ?? '';
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return Promise.reject(notReadable(exchange, encoding));
  const isJson = /^application\/([a-z.-]+\+)?json/i.test(contentType);
  if (/^text\/event-stream/i.test(contentType)) return relayStream(exchange, 'sse');
  if (isJson && call.operation === 'stream_generate_content') {
    return relayStream(exchange, 'json-array');
  }
  // The client was promised a stream while another endpoint kept it waiting.
  if (call.reply.started) return Promise.reject(notReadable(exchange, contentType));
  if (isJson) return relayWhole(exchange);
  if (operationFacts(call.operation).format === 'openai-audio') return relayBytes(exchange);
  return Promise.reject(notReadable(exchange, contentType || 'no content type'));
}

/** An HTML page or the like where JSON was promised: another endpoint may do better. */
function notReadable({ endpoint, response }: Exchange, what: string): GatewayError {
  response.body.abort();
  return new GatewayError(
    'upstream_invalid_response',
    `Provider \`${endpoint.provider.name}\` answered ${response.status} with ${what} where JSON or events were expected; check its base_url.`,
  );
}
