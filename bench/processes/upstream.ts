// The upstream behind every contender: raw sockets and ready-made bytes, so that it takes little of
// the processor time that it shares with what is measured.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import {
  type AnswerKind,
  BURST_EVENTS,
  OPENING_MS,
  PACE_MS,
  PACED_EVENTS,
} from '../answer-kinds.ts';
import { streamEvents, wholeAnswer } from '../chat-answer.ts';
import { createMessageReader } from '../message-reader.ts';

const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';

/** An HTTP chunk for each event, as servers send them that flush after each token. */
const asChunk = (event: string) => `${event.length.toString(16)}\r\n${event}\r\n`;

const WHOLE = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${wholeAnswer.length}\r\n\r\n${wholeAnswer}`,
);
const [FIRST = '', ...OTHERS] = streamEvents(BURST_EVENTS).map(asChunk);
const OPENING = Buffer.from(STREAM_HEAD + FIRST);
const REST = Buffer.from(OTHERS.join('') + LAST_CHUNK);
const BURST = Buffer.concat([OPENING, REST]);
const PACED = streamEvents(PACED_EVENTS).map((event) => Buffer.from(asChunk(event)));

const ANSWERS: Record<AnswerKind, (socket: Socket) => void> = {
  whole: (socket) => socket.write(WHOLE),
  burst: (socket) => socket.write(BURST),
  opened: writeOpened,
  paced: writePaced,
};

function writeOpened(socket: Socket): void {
  socket.write(OPENING);
  setTimeout(() => socket.write(REST), OPENING_MS);
}

function writePaced(socket: Socket): void {
  let next = 0;
  const writeNext = () => {
    const event = PACED[next];
    next += 1;
    if (event) socket.write(event);
    if (next < PACED.length && !socket.destroyed) return;
    clearInterval(timer);
    socket.write(LAST_CHUNK);
  };
  const timer = setInterval(writeNext, PACE_MS);
  socket.write(STREAM_HEAD);
  writeNext();
}

const server = createServer({ noDelay: true }, (socket) => {
  const reader = createMessageReader();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const head = reader.push(chunk);
    if (head === null) return;
    const [, kind = ''] = head.split('/', 2);
    ANSWERS[kind as AnswerKind](socket);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
