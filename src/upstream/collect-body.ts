import { GatewayError } from '../core/gateway-error.ts';
import type { UpstreamBody } from './fed-body.ts';

/** Reads a whole body; rejects if it is cut or larger than `limitBytes`. */
export function collectBody(body: UpstreamBody, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body.read({
      onChunk(chunk) {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= limitBytes) return;
        // Before the abort, which is an error of its own.
        reject(
          new GatewayError(
            'upstream_invalid_response',
            `The upstream's answer is larger than ${limitBytes} bytes.`,
          ),
        );
        body.abort();
      },
      onEnd: () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
      onError: reject,
    });
  });
}
