// What Node itself allows: node:http in front of undici's dispatch, relaying without a look at
// anything. Proxies are measured against this. Its arguments are the upstream's origin, and how many
// processes share the port.
import cluster from 'node:cluster';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';

const [origin = '', processes = '1'] = process.argv.slice(2);
const agent = new Agent({ connections: null, pipelining: 1, allowH2: false });

function relay(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  agent.dispatch(
    {
      origin,
      path: request.url ?? '/',
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'],
        authorization: request.headers.authorization,
      },
      body,
    },
    {
      // Undici knows by this method that the others are of its newer kind.
      onRequestStart: () => {},
      onResponseStart(_controller, status, { 'transfer-encoding': _perHop, ...headers }) {
        response.writeHead(status, headers);
      },
      onResponseData(controller, chunk) {
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd: () => response.end(),
      onResponseError: (_controller, error) => response.destroy(error),
    },
  );
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => relay(request, response, Buffer.concat(chunks)));
});
if (processes !== '1' && cluster.isPrimary) startAll(Number(processes));
else {
  server.listen(0, '127.0.0.1', () => {
    if (!cluster.isPrimary) return;
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`listens on http://127.0.0.1:${port}\n`);
  });
}

/** Says where they listen once they all do. */
function startAll(count: number): void {
  let listening = 0;
  cluster.on('listening', (_worker, { port }) => {
    listening += 1;
    if (listening === count) process.stdout.write(`listens on http://127.0.0.1:${port}\n`);
  });
  for (let started = 0; started < count; started += 1) cluster.fork();
}
