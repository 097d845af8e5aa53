/** How messages get across. */
export interface Wire {
  send(message: Message): void;
  receive(onMessage: (message: Message) => void): void;
}

/** Kind, value, and under which number an answer is awaited; 0 = none is. */
export type Said = readonly [kind: string, value: unknown, id: number];

/** Under which number it was asked, and the answer, or why there is none. */
export type Answered = readonly [id: number, value: unknown, failure?: string];

/** One turn of the event loop; its own number where it is to be confirmed that it was handled, else 0. */
export type Message = readonly [
  said: readonly Said[],
  answers: readonly Answered[],
  turn: number,
  confirmed: readonly number[],
];

/** Collects what is said in one turn of the event loop, so that it travels as one message. */
export interface Outbox {
  say(said: Said): void;
  answer(answered: Answered): void;
  /** Tells that a turn of the other end was handled. */
  confirm(turn: number): void;
  /** Has this turn confirmed; returns its number. */
  wantConfirmed(): number;
  close(): void;
}

/** An empty outbox. */
export function createOutbox(wire: Wire): Outbox {
  let said: Said[] = [];
  let answers: Answered[] = [];
  let confirmed: number[] = [];
  let turn = 1;
  let isWanted = false;
  let isDue = false;
  let isClosed = false;

  const flush = () => {
    isDue = false;
    if (isClosed) return;
    wire.send([said, answers, isWanted ? turn : 0, confirmed]);
    said = [];
    answers = [];
    confirmed = [];
    isWanted = false;
    turn += 1;
  };
  const flushSoon = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  };
  return {
    say(each) {
      said.push(each);
      flushSoon();
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
