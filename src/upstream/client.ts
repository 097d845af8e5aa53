import { Agent, type Dispatcher, errors } from 'undici';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Departure } from '../core/departure.ts';
import { freeBytes } from '../core/free-bytes.ts';
import type { GatewayError } from '../core/gateway-error.ts';
import { type BytesInFlight, createBytesInFlight } from './bytes-in-flight.ts';
import { describeFailure } from './failures.ts';
import { createFedBody, type UpstreamBody } from './fed-body.ts';
import { countBytes, joinParts, type RequestBody } from './join-parts.ts';
import { type Connection, createKeptAgent } from './kept-agent.ts';
import { isUnheard, noteReuse, type Reuse } from './reuse.ts';
import { readTarget } from './target.ts';

/** One request to an upstream, complete. */
export interface UpstreamRequest {
  /** Default: POST. */
  method?: 'GET';
  url: string;
  headers: Record<string, string>;
  /** Whole, or in parts that are sent in their order; null for a GET. */
  body: RequestBody;
  /** Until the headers, then between bytes. */
  timeoutMs: number;
  /** Aborts the request at any moment, also while it waits for a connection. */
  departure: Departure;
}

/** An upstream's status and headers, with the body still to be read. */
export interface UpstreamResponse {
  status: number;
  headers: Record<string, string>;
  body: UpstreamBody;
}

/** Sends requests over kept-alive connections, one pool an origin. */
export interface UpstreamClient {
  /** Resolves at the response's headers; rejects with a GatewayError if there are none. */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  /** True while a connection may still read those bytes: their memory must not be freed. */
  holds(bytes: Buffer): boolean;
  close(): Promise<void>;
}

/** A client whose connections are not capped: a cap made streams wait for each other's end. */
export function createUpstreamClient(
  clock: Pick<Clock, 'monotonicMs'> = systemClock,
): UpstreamClient {
  const sender: Sender = {
    kept: createKeptAgent(),
    fresh: new Agent({ connections: null, pipelining: 0, allowH2: false }),
    inFlight: createBytesInFlight(),
    nowMs: clock.monotonicMs,
  };
  return {
    send: (request) =>
      new Promise((resolve, reject) => dispatch(sender, request, { resolve, reject })),
    holds: sender.inFlight.has,
    async close() {
      await Promise.all([sender.kept.destroy(), sender.fresh.destroy()]);
    },
  };
}

interface Sender {
  kept: Agent;
  /** For what a kept connection has lost: each request has a connection to itself. */
  fresh: Agent;
  inFlight: BytesInFlight;
  nowMs(): number;
}

interface Settler {
  resolve(response: UpstreamResponse): void;
  reject(error: Error): void;
}

function dispatch(sender: Sender, request: UpstreamRequest, settler: Settler) {
  const { kept, fresh, inFlight, nowMs } = sender;
  const { origin, host, path } = readTarget(request.url);
  const sent = joinParts(request.body);
  const body = createFedBody();
  const abort = (reason: GatewayError) => {
    body.abort(reason);
    // A request that waits for its connection has no controller yet to end it.
    settler.reject(reason);
  };
  const { departure } = request;
  if (departure.reason !== null) {
    abort(departure.reason);
    return;
  }
  departure.listeners.add(abort);

  let connection: Connection | null = null;
  let reuse: Reuse | null = null;
  let sentMs = 0;
  const options = {
    origin,
    path,
    method: request.method ?? 'POST',
    ...bodyOptions(sent, request.headers),
    headersTimeout: request.timeoutMs,
    bodyTimeout: request.timeoutMs,
    onConnection: (chosen: Connection) => {
      connection = chosen;
    },
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      sentMs = nowMs();
      reuse = noteReuse(connection, sentMs);
      body.attach(controller);
    },
    onResponseStart(controller, status, headers) {
      if (status < 200) {
        // Each informational answer begins the wait for the headers anew.
        const isLate = nowMs() - sentMs >= request.timeoutMs;
        if (isLate) controller.abort(new errors.HeadersTimeoutError());
        return;
      }
      settler.resolve({ status, headers: flattenHeaders(headers), body });
    },
    onResponseData: (_controller, chunk) => body.push(chunk),
    onResponseEnd() {
      departure.listeners.delete(abort);
      inFlight.end(sent, connection?.socket);
      if (sent !== request.body) freeJoined(sent, inFlight);
      body.end();
    },
    onResponseError(_controller, error) {
      if (departure.reason === null && isUnheard(reuse, error, nowMs())) {
        connection = null;
        fresh.dispatch(options, handler);
        return;
      }
      departure.listeners.delete(abort);
      const failure = describeFailure(error, host);
      settler.reject(failure);
      body.fail(failure);
    },
  };
  inFlight.begin(sent);
  kept.dispatch(options, handler);
}

/** Undici takes any iterable as a body, though its types do not say so, and asks for its length. */
function bodyOptions(body: RequestBody, headers: UpstreamRequest['headers']) {
  if (body === null || Buffer.isBuffer(body)) return { headers, body };
  return {
    headers: { ...headers, 'content-length': String(countBytes(body)) },
    body: body as unknown as Buffer,
  };
}

/** The copy that was made for this request. */
function freeJoined(body: RequestBody, inFlight: BytesInFlight): void {
  if (Buffer.isBuffer(body) && !inFlight.has(body)) freeBytes(body);
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>) {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}
