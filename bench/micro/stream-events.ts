import { formats } from '../../src/dialects/index.ts';
import { createEventSplitter } from '../../src/dialects/stream-events.ts';
import { streamEvents } from '../chat-answer.ts';
import type { PieceGroup } from './piece.ts';

const COUNT = 100;
const EVENTS = streamEvents(COUNT).map((event) => Buffer.from(event));
const TOGETHER = Buffer.concat(EVENTS);
const PAYLOADS = streamEvents(COUNT - 1)
  .slice(0, -1)
  .map((event) => event.slice('data: '.length));
const format = formats['openai-chat'];

function splitEach(): number {
  const splitter = createEventSplitter('sse');
  let events = 0;
  for (const chunk of EVENTS) events += splitter.push(chunk).length;
  return events;
}

function splitAndTap(chunks: readonly Buffer[]): unknown {
  const splitter = createEventSplitter('sse');
  const tap = format.createStreamTap();
  for (const chunk of chunks) {
    for (const event of splitter.push(chunk)) tap.push(event);
  }
  return tap.reading.usage;
}

/** Telling the events of a chat stream apart, and reading its usage, for each event. */
export const streamGroup: PieceGroup = {
  name: 'stream-events',
  title: `Chat stream of ${COUNT} events, for each event`,
  pieces: [
    {
      label: 'JSON.parse of its payload',
      operations: PAYLOADS.length,
      run: () => PAYLOADS.map((payload) => JSON.parse(payload)),
    },
    {
      label: 'split, all in one chunk',
      operations: COUNT,
      run: () => createEventSplitter('sse').push(TOGETHER),
    },
    { label: 'split, one a chunk', operations: COUNT, run: splitEach },
    {
      label: 'split and tap, all in one chunk',
      operations: COUNT,
      run: () => splitAndTap([TOGETHER]),
    },
    { label: 'split and tap, one a chunk', operations: COUNT, run: () => splitAndTap(EVENTS) },
  ],
};
