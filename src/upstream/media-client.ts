import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import type { Departure } from '../core/departure.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { createGuardedLookup, notPublic, type Resolve } from './guarded-lookup.ts';
import { isPublicAddress } from './public-address.ts';

/** What the media of one call may cost. */
export interface MediaLimits {
  /** All of the call's media together. */
  maxBytes: number;
  /** From the first lookup to the last byte of all of them. */
  timeoutMs: number;
  maxRedirects: number;
  /** Hosts that may be asked although their address is not public. */
  privateHosts: readonly string[];
}

/** What an address of the open web holds. */
export interface FetchedMedia {
  /** As its server says, without parameters; undefined where it does not. */
  mime: string | undefined;
  bytes: Buffer;
}

/** Fetches media that a client gave by its address (SEC-4). */
export interface MediaClient {
  /** What each address holds; rejects with a GatewayError at the first that cannot be had. */
  fetchAll(
    urls: readonly string[],
    limits: MediaLimits,
    departure: Departure,
  ): Promise<Map<string, FetchedMedia>>;
}

/** So many are on their way at once. */
const MAX_PARALLEL = 6;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A client that reaches public addresses only; `resolve` is for tests. */
export function createMediaClient(resolve: Resolve = resolveAll): MediaClient {
  return {
    async fetchAll(urls, limits, departure) {
      const abort = new AbortController();
      const leave = (reason: Error) => abort.abort(reason);
      if (departure.reason !== null) throw departure.reason;
      departure.listeners.add(leave);
      const seconds = limits.timeoutMs / 1000;
      const timer = setTimeout(
        () => leave(failed(`it took longer than ${seconds} seconds`)),
        limits.timeoutMs,
      );
      const trip = { limits, resolve, departure, signal: abort.signal, bytesLeft: limits.maxBytes };
      const fetched = new Map<string, FetchedMedia>();
      const waiting = [...new Set(urls)];
      const work = async () => {
        for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
          fetched.set(url, await fetchOne(url, trip));
        }
      };
      try {
        await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
        return fetched;
      } finally {
        clearTimeout(timer);
        departure.listeners.delete(leave);
        // The others of a failed one are of no more use.
        waiting.length = 0;
        abort.abort();
      }
    },
  };
}

/** What the fetches of one call share. */
interface Trip {
  limits: MediaLimits;
  resolve: Resolve;
  departure: Departure;
  signal: AbortSignal;
  bytesLeft: number;
}

async function fetchOne(url: string, trip: Trip): Promise<FetchedMedia> {
  try {
    return await follow(url, trip);
  } catch (thrown) {
    if (trip.departure.reason !== null) throw trip.departure.reason;
    const cause = trip.signal.aborted ? trip.signal.reason : thrown;
    throw new GatewayError(
      'media_fetch_failed',
      `The media at ${withoutQuery(url)} could not be fetched: ${describe(cause)}. Send it inline, in base64, or to a model whose API takes addresses.`,
      { cause },
    );
  }
}

async function follow(start: string, trip: Trip): Promise<FetchedMedia> {
  let url = new URL(start);
  for (let hops = 0; hops <= trip.limits.maxRedirects; hops += 1) {
    const agent = createAgent(url, trip);
    try {
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { 'user-agent': 'signalbox', 'accept-encoding': 'identity', accept: '*/*' },
        signal: trip.signal,
      });
      const { location } = answer.headers;
      if (REDIRECTS.has(answer.statusCode) && typeof location === 'string') {
        url = new URL(location, url);
        continue;
      }
      return await readAnswer(answer, trip);
    } finally {
      await agent.destroy();
    }
  }
  throw failed(`it redirects more than ${trip.limits.maxRedirects} times`);
}

/** A connection of its own for each hop; throws where the address may not be asked. */
function createAgent(url: URL, { limits, resolve }: Trip): Agent {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw failed(`${url.protocol}// is not fetched`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (limits.privateHosts.some((each) => each.toLowerCase() === host)) return new Agent();
  // Sockets look names up, and connect to numbers as they are.
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic(host);
  return new Agent({ connect: { lookup: createGuardedLookup(resolve) } });
}

async function readAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  trip: Trip,
): Promise<FetchedMedia> {
  if (statusCode !== 200) throw failed(`its server answered ${statusCode}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw failed(`it comes compressed (${encoding})`);
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    chunks.push(chunk);
    trip.bytesLeft -= chunk.length;
    if (trip.bytesLeft < 0) {
      throw failed(`the request's media is larger than ${trip.limits.maxBytes} bytes`);
    }
  }
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  const mime = type.trim().toLowerCase();
  return { mime: mime === '' ? undefined : mime, bytes: Buffer.concat(chunks) };
}

function failed(reason: string): GatewayError {
  return new GatewayError('media_fetch_failed', reason);
}

/** Signed addresses have their secret in the query. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}

function describe(cause: unknown): string {
  if (cause instanceof GatewayError) return cause.message;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause ? String(cause.code) : cause.message;
}

function resolveAll(hostname: string) {
  return lookup(hostname, { all: true });
}
