// The least that governs a call: what bare does, and for each call the digest of its key, the slug in place of
// its model, ten counters, its price, and its line in the ledger's file before its end. There are no routes, refusals,
// failovers, metrics or reloads, and streams are not metered: nobody should run it. It shows what governing
// a short call takes on node:http and undici; long bodies it parses whole. Its arguments are the upstream's origin, the ledger's file, and the
// digest of the one key.
import { hash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';

const [origin = '', ledgerFile = '', digest = ''] = process.argv.slice(2);
const agent = new Agent({ connections: null, pipelining: 1, allowH2: false });
const ledger = openSync(ledgerFile, 'a');
const NANOS = { input: 2_500n, output: 10_000n };

const callers = new Map([[digest, { name: 'bench', team: 'bench' }]]);
const counters = Array.from({ length: 10 }, () => ({ used: 0, held: 0, max: 1e15 }));
let requests = 0;

/** Lines that wait for the turn's one write, and what follows it. */
let lines = '';
let endings: (() => void)[] = [];

function append(line: string, end: () => void): void {
  if (endings.length === 0) setImmediate(flush);
  lines += `${line}\n`;
  endings.push(end);
}

function flush(): void {
  writeSync(ledger, lines);
  const due = endings;
  lines = '';
  endings = [];
  for (const end of due) end();
}

interface GovernedCall {
  id: string;
  caller: { name: string; team: string };
  model: string;
  isStream: boolean;
  estimate: number;
  startedMs: number;
}

/** Null for a call that may not pass. */
function admit(request: IncomingMessage, body: Buffer, asked: Record<string, unknown>) {
  const key = String(request.headers.authorization).slice('Bearer '.length);
  const caller = callers.get(hash('sha256', key, 'hex'));
  const estimate = Math.ceil(body.length / 4);
  const fits = counters.every(({ used, held, max }) => used + held + estimate <= max);
  if (caller === undefined || !fits) return null;
  for (const counter of counters) counter.held += estimate;
  requests += 1;
  const { model, stream } = asked;
  return {
    id: `req_${requests}`,
    caller,
    model: String(model),
    isStream: stream === true,
    estimate,
    startedMs: performance.now(),
  };
}

/** The price, and the call's line. */
function settle({ id, caller, model, estimate, startedMs }: GovernedCall, answer: Buffer | null) {
  const usage = answer === null ? {} : JSON.parse(answer.toString()).usage;
  const tokens = { in: usage.prompt_tokens ?? 0, out: usage.completion_tokens ?? 0 };
  const nanos = BigInt(tokens.in) * NANOS.input + BigInt(tokens.out) * NANOS.output;
  for (const counter of counters) {
    counter.held -= estimate;
    counter.used += tokens.in + tokens.out;
  }
  const line = JSON.stringify({
    v: 1,
    ts: new Date().toISOString(),
    request_id: id,
    api_key: caller.name,
    team: caller.team,
    model,
    slug: 'bench-slug',
    http_status: 200,
    latency_ms: Math.round(performance.now() - startedMs),
    tokens,
    cost_nanos_usd: String(nanos),
  });
  return { line, cost: String(nanos) };
}

function relay(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const asked = JSON.parse(body.toString());
  const call = admit(request, body, asked);
  if (call === null) {
    response.writeHead(403).end();
    return;
  }
  const chunks: Buffer[] = [];
  let head = { status: 502, type: '' };
  agent.dispatch(
    {
      origin,
      path: `/${call.model.slice('bench-'.length)}/v1/chat/completions`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-bench-upstream' },
      body: JSON.stringify({ ...asked, model: 'bench-slug' }),
    },
    {
      onRequestStart: () => {},
      onResponseStart(_controller, status, { 'content-type': type }) {
        head = { status, type: String(type) };
        if (call.isStream) response.writeHead(status, { 'content-type': head.type });
      },
      onResponseData(_controller, chunk) {
        if (call.isStream) response.write(chunk);
        else chunks.push(chunk);
      },
      onResponseEnd() {
        const answer = call.isStream ? null : Buffer.concat(chunks);
        const { line, cost } = settle(call, answer);
        append(line, () => {
          if (answer !== null) {
            response.writeHead(head.status, {
              'content-type': head.type,
              'content-length': answer.length,
              'x-request-id': call.id,
              'x-cost-nanos': cost,
            });
          }
          response.end(answer);
        });
      },
      onResponseError: (_controller, error) => response.destroy(error),
    },
  );
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => relay(request, response, Buffer.concat(chunks)));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listens on http://127.0.0.1:${port}\n`);
});
