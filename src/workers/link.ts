import { type Answered, createOutbox, type Message, TEXT, type Wire } from './outbox.ts';

/** What a process does when it is told or asked, by kind; values and answers are what JSON can carry. */
export type Operations = Record<string, (value: never) => unknown>;

type Value<Peer, Kind extends keyof Peer> = Peer[Kind] extends (value: infer V) => unknown
  ? V
  : never;

type Answer<Peer, Kind extends keyof Peer> = Peer[Kind] extends (value: never) => infer A
  ? Awaited<A>
  : never;

/** One end of the connection between two processes; what is told and asked arrives in that order. */
export interface Link<Peer> {
  tell<Kind extends keyof Peer & string>(kind: Kind, value: Value<Peer, Kind>): void;
  /** Tells a line of text, not empty, without the cost of putting it into JSON. */
  tellText<Kind extends keyof Peer & string>(
    kind: Value<Peer, Kind> extends string ? Kind : never,
    text: string,
  ): void;
  /** Tells what is not urgent: it goes with the next message. */
  mention<Kind extends keyof Peer & string>(kind: Kind, value: Value<Peer, Kind>): void;
  /** Rejects where the other end fails, or is gone. */
  ask<Kind extends keyof Peer & string>(
    kind: Kind,
    value: Value<Peer, Kind>,
  ): Promise<Answer<Peer, Kind>>;
  /** Resolves when the other end is done with all that was said until the end of this turn. */
  handled(): Promise<void>;
  /** Nobody is there any more: whatever is awaited fails. */
  close(): void;
}

interface LinkEnd {
  operations: Operations;
  /** After all of a message; it is handled when the promise resolves. */
  endTurn?: () => void | Promise<void>;
}

/** Links this process with another one. */
export function createLink<Peer>(wire: Wire, end: LinkEnd): Link<Peer> {
  const outbox = createOutbox(wire);
  const asked = createAwaited<unknown>();
  const turns = createAwaited<void>();
  let lastId = 0;

  wire.receive((message) => {
    const { answers, turn, confirmed } = message;
    handle(message, end.operations, outbox.answer);
    const ended = end.endTurn?.();
    for (const [id, value, failure] of answers) asked.settle(id, value, failure);
    for (const each of confirmed) turns.settle(each, undefined);
    if (turn === 0) return;
    if (ended instanceof Promise) void ended.then(() => outbox.confirm(turn));
    else outbox.confirm(turn);
  });
  return {
    tell: (kind, value) => outbox.say([kind, value, 0]),
    tellText: outbox.sayText,
    mention: (kind, value) => outbox.mention([kind, value, 0]),
    ask(kind, value) {
      lastId += 1;
      outbox.say([kind, value, lastId]);
      return asked.promise(lastId) as Promise<never>;
    },
    handled: () => turns.promise(outbox.wantConfirmed()),
    close() {
      outbox.close();
      asked.close();
      turns.close();
    },
  };
}

function handle(
  { said, texts }: Message,
  operations: Operations,
  answer: (answered: Answered) => void,
): void {
  let nextText = 0;
  for (const [kind, value, id] of said) {
    const heard = id === TEXT ? texts[nextText++] : value;
    const result = operations[kind]?.(heard as never);
    if (id <= 0) continue;
    if (!(result instanceof Promise)) answer([id, result]);
    else
      result.then(
        (late) => answer([id, late]),
        (error) => answer([id, undefined, String(error)]),
      );
  }
}

interface Waiting<Result> {
  promise: Promise<Result>;
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** Promises by number, each made once. */
function createAwaited<Result>() {
  const awaited = new Map<number, Waiting<Result>>();
  let isClosed = false;
  return {
    promise(id: number): Promise<Result> {
      const known = awaited.get(id);
      if (known !== undefined) return known.promise;
      if (isClosed) return Promise.reject(gone());
      let settle: Omit<Waiting<Result>, 'promise'> | undefined;
      const promise = new Promise<Result>((resolve, reject) => {
        settle = { resolve, reject };
      });
      if (settle !== undefined) awaited.set(id, { promise, ...settle });
      return promise;
    },
    settle(id: number, result: Result, failure?: string) {
      const each = awaited.get(id);
      awaited.delete(id);
      if (failure === undefined) each?.resolve(result);
      else each?.reject(new Error(failure));
    },
    close() {
      isClosed = true;
      for (const each of awaited.values()) each.reject(gone());
      awaited.clear();
    },
  };
}

function gone(): Error {
  return new Error('The other process is gone.');
}
