import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One request as an upstream received it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** What the upstream answers: parts are written one by one, `cut` destroys the socket after them. */
export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer | readonly (string | Buffer)[];
  cut?: boolean;
}

type Script =
  | FakeAnswer
  | ((request: SeenRequest, response: ServerResponse) => FakeAnswer | undefined);

/** An upstream on a real socket that answers as scripted and remembers what it was asked. */
export async function fakeUpstream(t: TestContext, script: Script) {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const arrived = { method, url, headers, body: Buffer.concat(chunks) };
    seen.push(arrived);
    const answer = typeof script === 'function' ? script(arrived, response) : script;
    if (answer) await write(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen };
}

/** An answer without content in every API at once. */
export const EMPTY_ANSWER = JSON.stringify({
  choices: [],
  output: [],
  content: [],
  candidates: [],
  data: [],
  embedding: {},
  embeddings: [],
});

async function write(response: ServerResponse, answer: FakeAnswer): Promise<void> {
  const {
    status = 200,
    body = EMPTY_ANSWER,
    headers = { 'content-type': 'application/json' },
  } = answer;
  response.writeHead(status, headers);
  for (const part of Array.isArray(body) ? body : [body as string | Buffer]) {
    // Each part is its own packet, as events of a real stream are.
    await new Promise((resolve) => response.write(part, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (answer.cut) response.destroy();
  else response.end();
}

/** The text of an SSE stream with these payloads. */
export function sse(...payloads: unknown[]): string[] {
  return payloads.map((payload) =>
    typeof payload === 'string' ? `data: ${payload}\n\n` : `data: ${JSON.stringify(payload)}\n\n`,
  );
}
