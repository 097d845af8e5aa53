import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createDeparture, type Departure, depart } from '../core/departure.ts';
import type { GatewayError } from '../core/gateway-error.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import type { SurfaceId } from '../surfaces/surface.ts';
import type { ClientIpReader } from './client-ip.ts';
import { type Arrival, hintSurface } from './router.ts';
import type { Health } from './routes/pages.ts';

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

/** Where a visit has what is not in its request. */
export interface VisitSources {
  /** The snapshot that a request arriving at this moment runs against. */
  snapshot(): Snapshot;
  health(): Health;
}

const NO_QUERY = new URLSearchParams();

/** The visit of a request that arrives at this moment. */
export function openVisit(
  request: IncomingMessage,
  response: ServerResponse,
  { snapshot, health }: VisitSources,
): Visit {
  const { method = 'GET', url: target = '/' } = request;
  const mark = target.indexOf('?');
  const path = readPath(mark === -1 ? target : target.slice(0, mark));
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

/** Some people and some clients end a path in a slash. */
function readPath(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
