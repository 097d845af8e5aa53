import { createDeparture, depart } from '../core/departure.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { UpstreamClient } from './client.ts';
import { collectBody } from './collect-body.ts';

/** A request that reads something and costs nothing. */
export interface UpstreamQuestion {
  url: string;
  headers: Record<string, string>;
  /** For all of it: name, connection, headers, body. */
  timeoutMs: number;
}

/** The whole answer to a question. */
export interface UpstreamReply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Lists of thousands of models with their descriptions have a few megabytes. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024;

/** Asks by GET and reads the answer to its end; rejects with a GatewayError if there is none in time. */
export async function get(
  client: UpstreamClient,
  { url, headers, timeoutMs }: UpstreamQuestion,
): Promise<UpstreamReply> {
  const departure = createDeparture();
  const { host } = new URL(url);
  const late = new GatewayError('upstream_timeout', `The upstream at ${host} did not answer.`);
  const timer = setTimeout(depart, timeoutMs, departure, late);
  try {
    const response = await client.send({
      method: 'GET',
      url,
      headers: { accept: 'application/json', 'user-agent': 'signalbox', ...headers },
      body: null,
      timeoutMs,
      departure,
    });
    const body = await collectBody(response.body, MAX_REPLY_BYTES);
    return { status: response.status, headers: response.headers, body };
  } finally {
    clearTimeout(timer);
  }
}
