import { encodeHeartbeat } from '../dialects/heartbeat.ts';
import { operationFacts } from '../dialects/operation.ts';
import type { Framing } from '../dialects/stream-events.ts';
import type { Call } from './call.ts';
import type { Runtime } from './runtime.ts';

/** Proxies in front of us must neither buffer nor cache events. */
const STREAM_HEADERS = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' };

/** Status, headers and framing of a stream. */
export interface StreamHead {
  status: number;
  headers: Record<string, string>;
  framing: Framing;
}

/**
 * The client's side of a call that streams, through all of its attempts: it opens for the first
 * content, or when the client has waited long enough, and shows a sign of life while nothing flows.
 */
export interface ClientStream {
  /** The head to open with from now on; an open stream keeps its own. */
  announce(head: StreamHead): void;
  isOpen(): boolean;
  /** The framing of the head that it has, or would get. */
  framing(): Framing;
  open(): void;
  /** Whole events; false when the client reads too slowly: wait for the drain. */
  write(bytes: Buffer): boolean;
  onDrain(resume: () => void): void;
  end(): void;
  /** The call is over: nothing is sent by itself any more. */
  release(): void;
}

interface Waiting {
  /** The client asked for a stream, so that it may be kept waiting with one. */
  isAsked: boolean;
  settings: Runtime['routingSettings'];
}

/** A stream that is not open. Release it, or it opens by itself. */
export function createClientStream(
  { operation, reply }: Call,
  { isAsked, settings }: Waiting,
): ClientStream {
  const { format } = operationFacts(operation);
  let head: StreamHead = { status: 200, headers: {}, framing: 'sse' };
  let heartbeat: NodeJS.Timeout | undefined;
  let flows = false;
  let isFull = false;

  const beat = () => {
    heartbeat?.refresh();
    // Some clients reject a ping before the first event; every SSE client skips a comment.
    // https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    if (!isFull) reply.write(encodeHeartbeat(flows ? format : null, head.framing));
  };
  const open = () => {
    clearTimeout(opening);
    if (reply.hasStarted()) return;
    reply.start(head.status, { ...head.headers, ...STREAM_HEADERS });
    if (settings.heartbeat > 0) heartbeat = setTimeout(beat, settings.heartbeat);
  };
  const opening = isAsked ? setTimeout(open, settings.commit_after) : undefined;
  const release = () => {
    clearTimeout(opening);
    clearTimeout(heartbeat);
  };
  return {
    announce(announced) {
      if (!reply.hasStarted()) head = announced;
    },
    isOpen: reply.hasStarted,
    framing: () => head.framing,
    open,
    write(bytes) {
      heartbeat?.refresh();
      flows = true;
      isFull = !reply.write(bytes);
      return !isFull;
    },
    onDrain(resume) {
      reply.onDrain(() => {
        isFull = false;
        resume();
      });
    },
    end() {
      release();
      reply.end();
    },
    release,
  };
}
