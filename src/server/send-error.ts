import type { ServerResponse } from 'node:http';
import type { GatewayError } from '../core/gateway-error.ts';
import { surfaces } from '../surfaces/index.ts';
import type { SurfaceId } from '../surfaces/surface.ts';

/**
 * Answers with an error in the surface's shape. An answer that has begun cannot become one: its
 * connection is cut, so that no client takes half of it for the whole.
 */
export function sendError(
  response: ServerResponse,
  error: GatewayError,
  { surface, requestId }: { surface: SurfaceId; requestId: string },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(surfaces[surface].encodeError(error, requestId)));
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-request-id': requestId,
    ...(surface === 'anthropic' ? { 'request-id': requestId } : {}),
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { 'retry-after': String(Math.ceil(error.retryAfterSeconds)) }),
    ...error.headers,
  });
  response.end(body);
}
