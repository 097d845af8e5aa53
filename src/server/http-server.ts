import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { asGatewayError } from '../pipeline/as-gateway-error.ts';
import { logFailure } from '../pipeline/log-failure.ts';
import { answerVisit, type Forward } from './answer-visit.ts';
import { freeBody } from './free-body.ts';
import type { OpenCalls } from './open-calls.ts';
import { createRefusalLog } from './refusal-log.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { guessSurface } from './router.ts';
import { sendError } from './send-error.ts';
import { openVisit, type VisitSources } from './visit.ts';

/** How slowly a request may come, in milliseconds (SEC-6). */
export interface Patience {
  headersTimeout: number;
  /** For the whole request, its body included. */
  requestTimeout: number;
  /** How often it is looked for requests that took too long. */
  connectionsCheckingInterval: number;
}

interface HttpServerParts extends VisitSources {
  /** Those that are being answered; a shutdown ends them. */
  calls: OpenCalls;
  patience?: Patience | undefined;
  forward?: Forward | undefined;
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
  const refusals = createRefusalLog();
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
      const { path, requestId, runtime, surface } = visit;
      logFailure(runtime.logger, error, { requestId, path });
      refusals.refused(visit, error);
      sendError(response, error, { requestId, surface: surface ?? guessSurface(visit) });
    };
    let answered: void | Promise<void>;
    try {
      answered = answerVisit(visit, forward);
    } catch (thrown) {
      fail(thrown);
      return;
    }
    if (answered instanceof Promise) answered.then(end, fail);
    else end();
  });
  return server.on('clientError', (fault, socket) => {
    refusals.unreadable(parts.snapshot().runtime, fault, socket);
    refuseUnreadable(fault, socket, latest.get(socket));
  });
}
