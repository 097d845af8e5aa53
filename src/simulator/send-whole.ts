import type { ServerResponse } from 'node:http';
import { totalOutput } from '../core/token-usage.ts';
import { type Delivery, msForTokens, pause } from './delivery.ts';
import type { WholeReply } from './routes/handler.ts';

/** Sends an answer that is not streamed; it is charged whole, however much of it arrives. */
export async function sendWhole(
  reply: WholeReply,
  response: ServerResponse,
  delivery: Delivery,
): Promise<void> {
  const tokens = totalOutput(reply.usage.tokens);
  await pause(delivery.ttftMs + msForTokens(tokens, delivery.tokensPerSecond), response);
  delivery.settle(reply.usage);
  const body = Buffer.from(reply.body);
  response.writeHead(200, { 'content-type': reply.contentType, 'content-length': body.length });
  if (!delivery.truncate) response.end(body);
  else response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
