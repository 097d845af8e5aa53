import type { IncomingMessage } from 'node:http';
import { atEndOfTurn } from '../core/end-of-turn.ts';
import { GatewayError } from '../core/gateway-error.ts';
import type { BodyJudge } from '../pipeline/call.ts';
import { createBodyCollector } from './body-collector.ts';

const ACCEPTED_TYPES = /^(application\/([a-z0-9.+-]+\+)?json|multipart\/form-data)\s*(;|$)/i;

/** A request, and where its body is kept once it has been read. */
interface BodyHolder {
  request: IncomingMessage;
  settings: { maxBodyBytes: number };
  body: Buffer | null;
}

/**
 * Reads a request's body, refusing it by its length before reading and by its size while reading; the
 * judge may know a tighter limit.
 * A web page can send only other content types without asking first, so those are refused (SEC-2).
 */
export function readBody(holder: BodyHolder, judge: BodyJudge): Promise<Buffer> {
  const { request } = holder;
  const limitBytes = holder.settings.maxBodyBytes;
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
  const judgeBytes = (bytes: number) => (bytes > limitBytes ? tooLarge(limitBytes) : judge(bytes));
  const announcedBytes = Number(request.headers['content-length'] ?? 0);
  const announced = judgeBytes(announcedBytes);
  if (announced !== null) return Promise.reject(endConnection(announced));
  return new Promise((resolve, reject) => {
    const body = createBodyCollector(announcedBytes);
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const refusal = judgeBytes(bytes);
      if (refusal === null) {
        body.add(chunk);
        return;
      }
      request.removeAllListeners('data').pause();
      reject(endConnection(refusal));
    });
    request.on('end', () =>
      atEndOfTurn(() => {
        holder.body = body.whole();
        resolve(holder.body);
      }),
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

function tooLarge(limitBytes: number): GatewayError {
  return new GatewayError(
    'payload_too_large',
    `The body is larger than ${limitBytes} bytes (server.max_body).`,
  );
}

function refuse(code: 'unsupported_media_type', message: string): Promise<never> {
  return Promise.reject(endConnection(new GatewayError(code, message)));
}

/** The rest of the body is not read, so nothing else can come over its connection. */
function endConnection(error: GatewayError): GatewayError {
  error.headers['connection'] = 'close';
  return error;
}
