import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import { surfaces } from '../surfaces/index.ts';

const REASONS: Readonly<Record<string, [code: ErrorCode, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers are larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in time.'],
};

const UNREADABLE: [code: ErrorCode, message: string] = [
  'invalid_request',
  'This is not a valid HTTP/1.1 request.',
];

/**
 * Answers what could not be read as a request, or came too slowly, and closes the connection; in the midst
 * of another answer there is nothing to say, nor before one that is still to come.
 */
export function refuseUnreadable(
  fault: Error,
  socket: Duplex,
  latest: ServerResponse | undefined,
): void {
  const code = 'code' in fault ? String(fault.code) : '';
  if (!socket.writable || isBehindAnother(latest) || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [errorCode, message] = REASONS[code] ?? UNREADABLE;
  const error = new GatewayError(errorCode, message);
  // Whose API it was meant for is not known, so it gets the most common shape.
  const body = JSON.stringify(surfaces.openai.encodeError(error, ''));
  const head = [
    `HTTP/1.1 ${error.status} ${error.code}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** True while an answer is under way or still owed: of one connection they come in the order asked for. */
function isBehindAnother(latest: ServerResponse | undefined): boolean {
  if (latest === undefined || latest.writableFinished) return false;
  // Without a socket it waits for another answer; of a whole request it is not the one at fault.
  return latest.socket === null || latest.headersSent || latest.req.complete;
}
