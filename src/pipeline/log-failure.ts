import { describeCrash } from '../core/describe-crash.ts';
import type { GatewayError } from '../core/gateway-error.ts';
import type { Logger } from '../core/logger.ts';
import { printable } from '../core/printable.ts';

/** Refusals are the client's business; what broke here or upstream is the owner's too. */
export function logFailure(
  logger: Logger,
  error: GatewayError,
  about: { requestId: string; path?: string },
): void {
  if (error.code === 'internal_error') {
    const crash = describeCrash(error.cause);
    logger.error({ ...about, crash }, 'Request failed unexpectedly');
  } else if (error.status >= 500) {
    logger.warn({ ...about, code: error.code }, printable(error.message));
  }
}
