import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../core/gateway-error.ts';

const ACCEPTED_TYPES = /^(application\/([a-z0-9.+-]+\+)?json|multipart\/form-data)\s*(;|$)/i;

/**
 * Reads a request's body, refusing it by its length before reading and by its size while reading.
 * A web page can send only other content types without asking first, so those are refused (SEC-2).
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (type !== undefined && !ACCEPTED_TYPES.test(type)) {
    return refuse(
      'unsupported_media_type',
      `Send JSON with \`content-type: application/json\`, not ${type}.`,
    );
  }
  if (encoding !== undefined && encoding !== 'identity') {
    return refuse('unsupported_media_type', `Send the body uncompressed, not as ${encoding}.`);
  }
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return tooLarge(limitBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= limitBytes) return;
      request.removeAllListeners('data').pause();
      tooLarge(limitBytes).catch(reject);
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', (cause) =>
      reject(
        cause instanceof GatewayError
          ? cause
          : new GatewayError('client_closed', 'The client closed the request.', { cause }),
      ),
    );
  });
}

function tooLarge(limitBytes: number): Promise<never> {
  return refuse(
    'payload_too_large',
    `The body is larger than ${limitBytes} bytes (server.max_body).`,
  );
}

function refuse(code: 'payload_too_large' | 'unsupported_media_type', message: string) {
  return Promise.reject(new GatewayError(code, message, { headers: { connection: 'close' } }));
}
