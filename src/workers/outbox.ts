/** How messages get across. */
export interface Wire {
  send(message: Message): void;
  receive(onMessage: (message: Message) => void): void;
}

/** Kind, value, and under which number an answer is awaited; 0 = none is, TEXT = the value is a text. */
export type Said = readonly [kind: string, value: unknown, id: number];

/** In place of the number, where the value is the next one of the message's texts. */
export const TEXT = -1;

/** Under which number it was asked, and the answer, or why there is none. */
export type Answered = readonly [id: number, value: unknown, failure?: string];

/** One turn of the event loop; its own number where it is to be confirmed that it was handled, else 0. */
export interface Message {
  readonly said: readonly Said[];
  readonly answers: readonly Answered[];
  readonly turn: number;
  readonly confirmed: readonly number[];
  /** Lines that travel as they are, in the order in which they were said. */
  readonly texts: readonly string[];
}

/** Collects what is said in one turn of the event loop, so that it travels as one message. */
export interface Outbox {
  say(said: Said): void;
  /** Says a line of text, which is not empty. */
  sayText(kind: string, text: string): void;
  /** Says it with the next message: at once where there is one, else within `MENTION_MS`. */
  mention(said: Said): void;
  answer(answered: Answered): void;
  /** Tells that a turn of the other end was handled. */
  confirm(turn: number): void;
  /** Has this turn confirmed; returns its number. */
  wantConfirmed(): number;
  close(): void;
}

/** What is merely mentioned may be so late: news for which a message of their own would be a waste. */
const MENTION_MS = 20;

/** An empty outbox. */
export function createOutbox(wire: Wire): Outbox {
  let said: Said[] = [];
  let answers: Answered[] = [];
  let confirmed: number[] = [];
  let texts: string[] = [];
  let turn = 1;
  let isWanted = false;
  let isDue = false;
  let isMentioned = false;
  let isClosed = false;

  const flush = () => {
    isDue = false;
    if (isClosed) return;
    wire.send({ said, answers, turn: isWanted ? turn : 0, confirmed, texts });
    said = [];
    answers = [];
    confirmed = [];
    texts = [];
    isWanted = false;
    turn += 1;
  };
  const flushSoon = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  };
  const flushMentions = () => {
    isMentioned = false;
    if (said.length > 0) flushSoon();
  };
  return {
    say(each) {
      said.push(each);
      flushSoon();
    },
    sayText(kind, text) {
      said.push([kind, null, TEXT]);
      texts.push(text);
      flushSoon();
    },
    mention(each) {
      said.push(each);
      if (isMentioned) return;
      isMentioned = true;
      setTimeout(flushMentions, MENTION_MS).unref();
    },
    answer(each) {
      answers.push(each);
      flushSoon();
    },
    confirm(each) {
      confirmed.push(each);
      flushSoon();
    },
    wantConfirmed() {
      isWanted = true;
      flushSoon();
      return turn;
    },
    close() {
      isClosed = true;
    },
  };
}
