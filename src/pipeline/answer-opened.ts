import type { GatewayError } from '../core/gateway-error.ts';
import { operationFacts } from '../dialects/operation.ts';
import { encodeStreamError } from '../dialects/stream-errors.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { Call } from './call.ts';
import type { CallContext } from './exchange.ts';

/**
 * Ends a stream that was opened to keep its client waiting, and whose last endpoint has failed too:
 * its status is gone, so the error travels in the protocol of the stream.
 */
export async function answerOpened(
  { call, settlement }: CallContext,
  error: GatewayError,
): Promise<void> {
  await settlement.close(STATUS_SENT, error.code);
  const { requestId, operation } = call;
  const { format } = operationFacts(operation);
  const framing = framingOf(call);
  call.reply.write(
    Buffer.from(encodeStreamError({ format, framing, error, requestId, sent: null })),
  );
  call.reply.end();
}

const STATUS_SENT = 200;

/** Only Google streams anything but events, and only where the client does not ask for them. */
function framingOf({ operation, query }: Call): Framing {
  const isArray = operation === 'stream_generate_content' && !/[?&]alt=sse(&|$)/.test(query);
  return isArray ? 'json-array' : 'sse';
}
