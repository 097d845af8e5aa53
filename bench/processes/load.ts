// The load: keep-alive connections over raw sockets, each sending its next request when it has the
// whole answer to the last one. It takes orders from its parent, one at a time.
import { connect } from 'node:net';
import { chatBody } from '../chat-body.ts';
import type { LoadOrder, LoadResult } from '../load-order.ts';
import { createMessageReader } from '../message-reader.ts';
import { quantiles } from '../statistics.ts';

/** Connections open over this time, so that paced streams do not beat in step. */
const OPENING_MS = 20;

interface Tally {
  firstByte: number[];
  lastByte: number[];
  failure: string | null;
}

function requestBytes({ port, path, apiKey, headers, body }: LoadOrder): Buffer {
  const json = chatBody(body);
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'content-length': json.length,
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), json]);
}

async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const tally: Tally = { firstByte: [], lastByte: [], failure: null };
  const request = requestBytes(order);
  const started = performance.now();
  const deadline = started + order.durationMs;
  const gapMs = OPENING_MS / order.connections;
  await Promise.all(
    Array.from({ length: order.connections }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * gapMs));
      await useConnection({ port: order.port, request, deadline, tally });
    }),
  );
  return {
    answers: tally.lastByte.length,
    elapsedMs: performance.now() - started,
    firstByte: quantiles(tally.firstByte),
    lastByte: quantiles(tally.lastByte),
    failure: tally.failure,
  };
}

interface Connection {
  port: number;
  request: Buffer;
  deadline: number;
  tally: Tally;
}

/** Resolves when the connection has its last answer, or has failed. */
function useConnection({ port, request, deadline, tally }: Connection): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = createMessageReader();
    let sentAt = 0;
    let isFirst = true;

    const send = () => {
      isFirst = true;
      sentAt = performance.now();
      socket.write(request);
    };
    const leave = (failure: string | null) => {
      tally.failure ??= failure;
      socket.removeAllListeners('close');
      socket.destroy();
      resolve();
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      if (isFirst) tally.firstByte.push((performance.now() - sentAt) * 1000);
      isFirst = false;
      const head = reader.push(chunk);
      if (head === null) return;
      const now = performance.now();
      if (!head.startsWith('HTTP/1.1 200')) return leave(`${head}\n\n${chunk}`);
      tally.lastByte.push((now - sentAt) * 1000);
      if (now < deadline) send();
      else leave(null);
    });
    socket.on('error', (error) => leave(error.message));
    socket.on('close', () => leave('the connection was closed in the middle of an answer'));
  });
}

process.on('message', (order: LoadOrder) => {
  runLoad(order).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
