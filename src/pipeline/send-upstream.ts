import type { UpstreamResponse } from '../upstream/client.ts';
import { buildUpstreamHeaders } from '../upstream/headers.ts';
import { endpointUrl } from './endpoint-url.ts';
import type { AttemptContext } from './exchange.ts';
import type { Outgoing } from './outgoing.ts';
import { revealKey } from './reveal-key.ts';

/** Who is asked, and for whom. */
export type Sending = Pick<AttemptContext, 'call' | 'endpoint' | 'resolution' | 'runtime'>;

type Message = Pick<Outgoing, 'operation' | 'body' | 'contentType' | 'query' | 'surface'>;

/**
 * Sends a request to an endpoint with its own credentials. An encrypted key has to be opened first; any
 * other request goes out within this turn.
 */
export function sendUpstream(sending: Sending, outgoing: Message): Promise<UpstreamResponse> {
  const key = revealKey(sending);
  return key instanceof Promise
    ? key.then((opened) => sendWith(opened, sending, outgoing))
    : sendWith(key, sending, outgoing);
}

function sendWith(
  key: string | null,
  sending: Sending,
  outgoing: Message,
): Promise<UpstreamResponse> {
  const { call, endpoint, resolution, runtime } = sending;
  const { provider } = endpoint;
  const { operation } = outgoing;
  const credentials = provider.type.headers({ key, operation }, provider.settings);
  return runtime.upstream.send({
    url: appendQuery(endpointUrl(endpoint, operation), outgoing.query),
    headers: buildUpstreamHeaders({
      surface: outgoing.surface,
      client: call.headers,
      contentType: outgoing.contentType,
      requestId: call.requestId,
      credentials,
      configured: [provider.headers, resolution.model.edits.headers],
    }),
    body: outgoing.body,
    timeoutMs: provider.timeoutMs,
    departure: call.departure,
  });
}

function appendQuery(url: string, query: string): string {
  if (query === '') return url;
  return url.includes('?') ? `${url}&${query.slice(1)}` : url + query;
}
