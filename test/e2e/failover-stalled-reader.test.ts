import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { bytesInKernel, KERNEL_TELLS } from '../support/kernel-bytes.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { WIRES, type Wire } from '../support/wires.ts';

const KIBIBYTE = 1024;
const MAX_HELD = 256 * KIBIBYTE;

/** Far more than the kernel can hold on two connections, so that a proxy that goes on reading shows. */
const ENDLESS = 64 * KIBIBYTE * KIBIBYTE;

/** Nothing moved for so many looks, a few milliseconds apart. */
const QUIET_LOOKS = 20;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n';

/**
 * An upstream that writes one event after the other as fast as they are taken. `taken` counts only
 * bytes of events that the kernel has taken whole.
 */
async function startEndless(t: TestContext, opening: string, event: Buffer) {
  let taken = 0;
  const write = (socket: Socket) => {
    if (taken > ENDLESS || socket.destroyed) return;
    socket.write(event, () => {
      taken += event.length;
      write(socket);
    });
  };
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(HEAD + opening, () => {
        taken += HEAD.length + opening.length;
        write(socket);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { port, taken: () => taken };
}

/** A client that sends its request and never reads a byte of the answer. */
function askAndStall(t: TestContext, port: number, path: string, body: string): void {
  const socket = connect({ port, host: '127.0.0.1' }).pause();
  t.after(() => socket.destroy());
  const length = Buffer.byteLength(body);
  const head = `host: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}`;
  socket.write(`POST ${path} HTTP/1.1\r\n${head}\r\n\r\n${body}`);
}

/** The first content of a stream, and an event of that size that can follow it again and again. */
function eventsOf(wire: Wire, size: number): { opening: string; event: Buffer } {
  const opening = wire.events.slice(0, wire.eventsToFirstWord);
  const word = (opening.at(-1) ?? '').replace(/Hello|Hel/, 'x'.repeat(size));
  return { opening: opening.join(''), event: Buffer.from(word) };
}

describe('a client that stops reading', { skip: !KERNEL_TELLS }, () => {
  for (const wire of WIRES) {
    for (const size of [100, 60 * KIBIBYTE]) {
      /*
       * What the upstream could write has gone to one of three places: the kernel's buffers of the two
       * connections, whose fill the kernel tells; the client, which has read nothing; or our memory.
       * One event more may be on its way into the kernel in part.
       */
      test(`FAI-7: a ${wire.name} stream of ${size}-byte events holds at most 256 KiB of it in memory`, async (t) => {
        const { opening, event } = eventsOf(wire, size);
        const upstream = await startEndless(t, opening, event);
        const proxy = await startProxy(t, oneModelConfig(`http://127.0.0.1:${upstream.port}`));
        const ports = [upstream.port, Number(new URL(proxy.url).port)];
        const body = JSON.stringify(wire.request('m', true));
        askAndStall(t, ports[1] ?? 0, wire.path('m', true), body);
        await eventually('the first content', () => upstream.taken() > opening.length);

        let looks = 0;
        let before = -1;
        const inMemory = await eventually('a stand-still', () => {
          const held = upstream.taken() - bytesInKernel(ports);
          looks = held === before ? looks + 1 : 0;
          before = held;
          return looks >= QUIET_LOOKS && { held };
        });
        console.log(wire.name,size,upstream.taken(),inMemory.held);
        assert.ok(upstream.taken() < ENDLESS, 'the upstream was read to its end');
        assert.ok(inMemory.held <= MAX_HELD, `${inMemory.held} bytes are held`);
        assert.ok(inMemory.held > -2 * event.length - 2 * KIBIBYTE, `${inMemory.held} were lost`);
      });
    }
  }
});
