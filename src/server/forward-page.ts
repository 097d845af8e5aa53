import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { GatewayError } from '../core/gateway-error.ts';
import type { Visit } from './visit.ts';
import { VISITOR_HEADER } from './visitor-address.ts';

/** Hands a request to the process that listens at that socket, and its answer to the client. */
export function createForward(socketPath: string): (visit: Visit) => Promise<void> {
  return async ({ method, path, search, request: asked, response }) => {
    const headers = {
      ...withoutBody(asked.headers),
      [VISITOR_HEADER]: asked.socket.remoteAddress ?? '',
      connection: 'close',
    };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ socketPath, method, path: path + search, headers }, resolve)
        .on('error', (cause) => reject(notThere(cause)))
        .end();
    });
    const { connection: _, 'keep-alive': __, ...answered } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, answered);
    answer.pipe(response);
  };
}

/** Without what announces a body: of a page's request none is handed on. */
function withoutBody(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'content-length': _, 'transfer-encoding': __, expect: ___, ...others } = headers;
  return others;
}

function notThere(cause: Error): GatewayError {
  return new GatewayError('shutting_down', 'Signalbox is shutting down; try again.', { cause });
}
