import type { GatewayError } from '../core/gateway-error.ts';
import { operationFacts } from '../dialects/operation.ts';
import { encodeStreamError } from '../dialects/stream-errors.ts';
import type { CallContext } from './exchange.ts';
import { logFailure } from './log-failure.ts';

const STATUS_SENT = 200;

/**
 * Ends a stream that was opened to keep its client waiting, and whose last endpoint has failed too:
 * its status is gone, so the error travels in the protocol of the stream.
 */
export async function answerOpened(
  { call, runtime, settlement, stream }: CallContext,
  error: GatewayError,
): Promise<void> {
  const { requestId, operation } = call;
  logFailure(runtime.logger, error, { requestId });
  await settlement.close(STATUS_SENT, error.code);
  const { format } = operationFacts(operation);
  const framing = stream.framing();
  const bytes = encodeStreamError({ format, framing, error, requestId, sent: null });
  stream.write(Buffer.from(bytes));
  stream.end();
}
