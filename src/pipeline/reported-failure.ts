import { GatewayError } from '../core/gateway-error.ts';
import { isContextExceeded } from '../dialects/context-exceeded.ts';
import { streamErrorStatus } from '../dialects/error-words.ts';
import type { StreamReading } from '../dialects/wire-format.ts';
import type { Call } from './call.ts';

/** An error that the upstream reports inside of a success, as the failure that it is. */
export function reportedFailure(
  { message, type }: NonNullable<StreamReading['error']>,
  { surface }: Call,
) {
  if (isContextExceeded(`${type} ${message}`)) {
    return new GatewayError('context_length_exceeded', message);
  }
  const status = streamErrorStatus(type, surface);
  return new GatewayError('upstream_error', message, status === undefined ? {} : { status });
}
