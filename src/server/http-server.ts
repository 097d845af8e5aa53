import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createDeparture, type Departure, depart } from '../core/departure.ts';
import { describeCrash } from '../core/describe-crash.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { handleCall } from '../pipeline/handle-call.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import { asGatewayError } from '../pipeline/settle.ts';
import type { CallRoute, SurfaceId } from '../surfaces/surface.ts';
import { guardBrowser } from './browser-guard.ts';
import type { ClientIpReader } from './client-ip.ts';
import { withoutCredential } from './credential.ts';
import { freeBody } from './free-body.ts';
import type { OpenCalls } from './open-calls.ts';
import { presentedKey } from './presented-key.ts';
import { readBody } from './read-body.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { createReply } from './reply.ts';
import { type Arrival, findRoute, guessSurface, hintSurface, type Route } from './router.ts';
import { answerModels } from './routes/models.ts';
import { answerNamespace } from './routes/namespaces.ts';
import { answerPage, type Health } from './routes/pages.ts';
import { sendError } from './send-error.ts';
import { watchClient } from './watch-client.ts';

/** What the server needs to know beside the runtime; a reload may change it. */
export interface ServerSettings {
  host: string;
  maxBodyBytes: number;
  allowedOrigins: readonly string[];
  listAliases: boolean;
  clientIp: ClientIpReader;
}

/** One consistent view of the world, taken when a request arrives and kept to its end. */
export interface Snapshot {
  runtime: Runtime;
  settings: ServerSettings;
}

/** How slowly a request may come, in milliseconds (SEC-6). */
export interface Patience {
  headersTimeout: number;
  /** For the whole request, its body included. */
  requestTimeout: number;
  /** How often it is looked for requests that took too long. */
  connectionsCheckingInterval: number;
}

interface HttpServerParts {
  /** The snapshot that a request arriving at this moment runs against. */
  snapshot(): Snapshot;
  health(): Health;
  /** Those that are being answered; a shutdown ends them. */
  calls: OpenCalls;
  patience?: Patience | undefined;
  /** Hands pages about what all workers share to their owner; without it they are answered here. */
  forward?: ((visit: Visit) => Promise<void>) | undefined;
}

/** Everything of one HTTP request that its steps share. */
export interface Visit extends Snapshot, Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  query: URLSearchParams;
  /** The query as sent, with its question mark. */
  search: string;
  /** In whose shape errors are written; null while only the path tells. */
  surface: SurfaceId | null;
  health(): Health;
  /** Tells when the client goes away, or is sent away with an error. */
  departure: Departure;
  /** What the client sent, once a call has read it. */
  body: Buffer | null;
  /** Ends the call with an error that its client is told. */
  cut(error: GatewayError): void;
}

/** Clients reuse connections for a while; what is dead at the other end is found out. */
const SERVER_OPTIONS = { keepAliveTimeout: 75_000, keepAlive: true, keepAliveInitialDelay: 60_000 };

/** Long enough for 64 MiB over a poor line, and no limit on how long an answer takes. */
const PATIENCE: Patience = {
  headersTimeout: 30_000,
  requestTimeout: 600_000,
  connectionsCheckingInterval: 5_000,
};

/** The HTTP server, not listening yet. */
export function createHttpServer(parts: HttpServerParts): Server {
  const { calls, patience = PATIENCE, forward } = parts;
  const latest = new WeakMap<Duplex, ServerResponse>();
  const server = createServer({ ...SERVER_OPTIONS, ...patience }, (request, response) => {
    latest.set(request.socket, response);
    const visit = openVisit(request, response, parts);
    const place = calls.begin(visit);
    const end = () => {
      calls.end(place);
      freeBody(visit.body, visit.runtime);
    };
    const fail = (thrown: unknown) => {
      calls.end(place);
      const error = asGatewayError(thrown);
      logFailure(visit, error);
      const { requestId, surface } = visit;
      sendError(response, error, { requestId, surface: surface ?? guessSurface(visit) });
    };
    let answered: void | Promise<void>;
    try {
      answered = answer(visit, forward);
    } catch (thrown) {
      fail(thrown);
      return;
    }
    if (answered instanceof Promise) answered.then(end, fail);
    else end();
  });
  return server.on('clientError', (fault, socket) => {
    refuseUnreadable(fault, socket, latest.get(socket));
  });
}

function openVisit(
  request: IncomingMessage,
  response: ServerResponse,
  { snapshot, health }: HttpServerParts,
): Visit {
  const { method = 'GET', url: target = '/' } = request;
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const search = mark === -1 ? '' : target.slice(mark);
  const query = search === '' ? NO_QUERY : new URLSearchParams(search);
  // Field by field: a spread of several objects costs more than all else here, on every call.
  const { runtime, settings } = snapshot();
  const departure = createDeparture();
  return {
    runtime,
    settings,
    method,
    path,
    surfaceHint: hintSurface(request.headers, path, query),
    request,
    response,
    requestId: `req_${randomUUID()}`,
    query,
    search,
    surface: null,
    health,
    departure,
    body: null,
    cut(error) {
      depart(departure, error);
      // Nobody is told anything while the request itself is still coming.
      if (!request.complete) request.destroy(error);
    },
  };
}

const NO_QUERY = new URLSearchParams();

function answer(visit: Visit, forward: HttpServerParts['forward']): void | Promise<void> {
  const { request, response, runtime, settings } = visit;
  const cors = guardBrowser(request, {
    host: settings.host,
    allowedOrigins: settings.allowedOrigins,
    openMode: runtime.catalog.apiKeys === null,
  });
  if (cors !== null) for (const name in cors) response.setHeader(name, cors[name] ?? '');
  if (visit.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  refuseWebSocket(request);
  const route = findRoute(visit);
  if (forward !== undefined && isAboutAll(route)) return forward(visit);
  return follow(visit, route);
}

/**
 * Codex tries a WebSocket first; this answer makes it use plain HTTP at once. Other upgrades are mere
 * offers: Java's client makes one of h2c with each request, and expects an answer over HTTP/1.1.
 * https://github.com/openai/codex/issues/43353
 */
function refuseWebSocket({ headers }: IncomingMessage): void {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return;
  throw new GatewayError('upgrade_required', 'There are no WebSockets here; send plain HTTP.', {
    headers: { connection: 'close' },
  });
}

/** What only the owner of limits, measurements and the ledger can answer. */
function isAboutAll(route: Route): boolean {
  if (route.kind === 'namespace') return true;
  return route.kind === 'own' && !['home', 'live', 'ui'].includes(route.page);
}

function follow(visit: Visit, route: Route): void | Promise<void> {
  switch (route.kind) {
    case 'call':
      visit.surface = route.surface;
      return answerCall(visit, route.surface, route.call);
    case 'models':
      visit.surface = route.surface;
      return answerModels(visit, route.surface, route.id);
    case 'namespace':
      return answerNamespace(visit, route.namespace, route.page);
    case 'own':
      return answerPage(visit, route.page);
  }
}

function answerCall(
  visit: Visit,
  surface: SurfaceId,
  { operation, pathModel }: CallRoute,
): Promise<void> {
  const { request, response, runtime, settings, departure } = visit;
  if (visit.health().draining) {
    const headers = { connection: 'close' };
    throw new GatewayError('shutting_down', 'Signalbox is shutting down; try again.', { headers });
  }
  watchClient(request, response, departure);
  const arrivedAt = runtime.clock.now();
  const startedMs = runtime.clock.monotonicMs();
  if (runtime.ledger.refuses()) {
    throw new GatewayError(
      'ledger_unavailable',
      'The usage ledger cannot be written, and `usage.durability: disk` forbids calls without it.',
    );
  }
  return handleCall(
    {
      requestId: visit.requestId,
      arrivedAt,
      startedMs,
      surface,
      operation,
      pathModel,
      headers: request.headers,
      query: withoutCredential(visit.search),
      presentedKey: presentedKey(surface, request, visit.query),
      clientIp: settings.clientIp(request),
      departure,
      readBody: (judge) => readBody(visit, judge),
      reply: createReply(response, departure),
    },
    runtime,
  );
}

/** Refusals are the client's business; what broke here or upstream is the owner's too. */
function logFailure({ runtime, requestId, path }: Visit, error: GatewayError): void {
  if (error.code === 'internal_error') {
    const crash = describeCrash(error.cause);
    runtime.logger.error({ requestId, path, crash }, 'Request failed unexpectedly');
  } else if (error.status >= 500) {
    runtime.logger.warn({ requestId, path, code: error.code }, error.message);
  }
}
