import type { Dispatcher } from 'undici';

/**
 * Receives a body as it arrives, what came in one read of the socket as one chunk; after onEnd or onError
 * nothing more comes.
 */
export interface BodySink {
  onChunk(chunk: Buffer): void;
  onEnd(): void;
  onError(error: Error): void;
}

/** A body that waits, with its socket, until somebody reads it. */
export interface UpstreamBody {
  read(sink: BodySink): void;
  /** Stops the reading of its socket, until each pause has been resumed. */
  pause(): void;
  resume(): void;
  /** Ends the request; the reason is what its reader is told. */
  abort(reason?: Error): void;
}

/** A body and the side from which it comes. */
export interface FedBody extends UpstreamBody {
  attach(controller: Dispatcher.DispatchController): void;
  push(chunk: Buffer): void;
  end(): void;
  fail(error: Error): void;
}

/**
 * What may arrive before the reader comes. The first bytes are in the same packet as the headers, and
 * their reader is there a moment later: to stop the socket for it would cost more than the call.
 */
const MAX_EARLY_BYTES = 64 * 1024;

/** Large enough to hand over at once; joining more would only copy. */
const ENOUGH_BYTES = 32 * 1024;

/**
 * Keeps what its reader is not ready for, and stops the socket when that is much, or when it is told to.
 * Servers send each event of a stream as an HTTP chunk of its own; those of one read are handed over
 * together, when the read is over: it takes a quarter off what a burst costs.
 */
export function createFedBody(): FedBody {
  const socket = createValve();
  const waiting = createQueue();
  let sink: BodySink | null = null;
  let isDue = false;
  let outcome: 'open' | 'ended' | Error = 'open';
  let isTold = false;
  let holds = 0;

  const handOver = () => {
    if (sink !== null && holds === 0 && waiting.bytes() > 0) sink.onChunk(waiting.take());
  };
  /** Hands over what waits, then the end, as far as the reader takes it. */
  const deliver = () => {
    isDue = false;
    handOver();
    if (sink === null || holds > 0) return;
    if (outcome === 'open') socket.resume();
    else tell(sink, outcome);
  };
  /** Tells the outcome, once however often the reader pauses and resumes. */
  const tell = (reader: BodySink, ended: 'ended' | Error) => {
    if (isTold) return;
    isTold = true;
    if (ended === 'ended') reader.onEnd();
    else reader.onError(ended);
  };
  const deliverDue = () => {
    if (isDue) deliver();
  };
  return {
    attach: socket.attach,
    push(chunk) {
      waiting.add(chunk);
      if (waiting.bytes() >= ENOUGH_BYTES) handOver();
      if (waiting.bytes() > MAX_EARLY_BYTES) socket.pause();
      if (isDue || sink === null) return;
      isDue = true;
      process.nextTick(deliverDue);
    },
    end() {
      outcome = 'ended';
      deliver();
    },
    fail(error) {
      if (outcome === 'open') handOver();
      // Handing over may have ended the body.
      if (outcome !== 'open') return;
      outcome = error;
      isDue = false;
      // A reader who has paused hears of it at once: nobody may resume what has failed.
      if (sink !== null) tell(sink, error);
    },
    read(reader) {
      sink = reader;
      deliver();
    },
    pause() {
      holds += 1;
      socket.pause();
    },
    resume() {
      holds -= 1;
      deliver();
    },
    abort(reason = new DOMException('aborted', 'AbortError')) {
      if (outcome === 'open') socket.abort(reason);
    },
  };
}

/** The reading of the socket, also before undici has begun with it. */
function createValve() {
  let controller: Dispatcher.DispatchController | null = null;
  let aborted: Error | null = null;
  let isPaused = false;
  return {
    attach(started: Dispatcher.DispatchController) {
      controller = started;
      if (aborted !== null) started.abort(aborted);
    },
    pause() {
      isPaused = true;
      controller?.pause();
    },
    resume() {
      if (!isPaused) return;
      // Before what it lets through, which can pause again.
      isPaused = false;
      controller?.resume();
    },
    abort(reason: Error) {
      aborted = reason;
      controller?.abort(reason);
    },
  };
}

/** Chunks that wait; they are taken as one. */
function createQueue() {
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    bytes: () => bytes,
    add(chunk: Buffer) {
      chunks.push(chunk);
      bytes += chunk.length;
    },
    take(): Buffer {
      const [first] = chunks;
      const all = chunks.length === 1 && first ? first : Buffer.concat(chunks, bytes);
      chunks = [];
      bytes = 0;
      return all;
    },
  };
}
