import type { Duplex } from 'node:stream';
import type { Answered, Message, Said, Wire } from './outbox.ts';

/** No JSON and no line of text has an empty line in it. */
const END = '\n\n';

/** Messages over a stream of bytes: each is a line of JSON, its texts, a line each, and an empty line. */
export function createStreamWire(stream: Duplex): Wire {
  stream.setEncoding('utf8');
  // Whoever is gone reads nothing more; that they are is seen elsewhere.
  stream.on('error', () => {});
  return {
    send(message) {
      if (!stream.destroyed) stream.write(writeMessage(message));
    },
    receive(onMessage) {
      stream.on('data', createMessageReader(onMessage));
    },
  };
}

/** A message as text. */
export function writeMessage({ said, answers, turn, confirmed, texts }: Message): string {
  const head = JSON.stringify([said, answers, turn, confirmed]);
  return texts.length === 0 ? head + END : `${head}\n${texts.join('\n')}${END}`;
}

/** Puts messages together from text that comes in pieces. */
export function createMessageReader(onMessage: (message: Message) => void) {
  let rest = '';
  return (piece: string): void => {
    // A terminator may straddle the previous piece.
    let from = Math.max(0, rest.length - 1);
    rest += piece;
    let start = 0;
    for (let end = rest.indexOf(END, from); end !== -1; end = rest.indexOf(END, from)) {
      onMessage(readMessage(rest.slice(start, end)));
      start = end + END.length;
      from = start;
    }
    if (start > 0) rest = rest.slice(start);
  };
}

type Head = readonly [readonly Said[], readonly Answered[], number, readonly number[]];

function readMessage(text: string): Message {
  const [head = '', ...texts] = text.split('\n');
  const [said, answers, turn, confirmed] = JSON.parse(head) as Head;
  return { said, answers, turn, confirmed, texts };
}
