import { GatewayError } from '../core/gateway-error.ts';
import { isContextExceeded } from '../dialects/context-exceeded.ts';
import { streamErrorStatus } from '../dialects/error-words.ts';
import type { StreamReading } from '../dialects/wire-format.ts';
import type { Exchange } from './exchange.ts';
import { maskUpstream } from './mask-upstream.ts';

/** An error that the upstream reports inside of a success, as the failure that it is. */
export function reportedFailure(
  { message: said, type }: NonNullable<StreamReading['error']>,
  exchange: Exchange,
): GatewayError {
  const message = maskUpstream(said, exchange);
  if (isContextExceeded(`${type} ${message}`)) {
    return new GatewayError('context_length_exceeded', message);
  }
  const status = streamErrorStatus(type, exchange.call.surface);
  return new GatewayError('upstream_error', message, status === undefined ? {} : { status });
}
