import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** An upstream in front of another one, which keeps what is sent to it. */
export interface Recorder {
  url: string;
  /** Bodies since the last call, in the order of their arrival. */
  take(): string[];
  close(): void;
}

/** Starts a recorder on a free loopback port. */
export async function recordRequests(target: string): Promise<Recorder> {
  let bodies: string[] = [];
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await new Response(Readable.toWeb(request) as ReadableStream).text();
    bodies.push(body);
    const answer = await fetch(target + request.url, {
      method: request.method!,
      headers: { 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
    });
    await pipeline(answer.body === null ? [] : Readable.fromWeb(answer.body as never), response);
  };
  const server = createServer((request, response) => {
    // A client that leaves early is no business of the recorder.
    forward(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = bodies;
      bodies = [];
      return taken;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
