import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../core/gateway-error.ts';
import { guardBrowser } from './browser-guard.ts';
import { findRoute, type Route } from './router.ts';
import { answerCall } from './routes/call.ts';
import { answerModels } from './routes/models.ts';
import { answerNamespace } from './routes/namespaces.ts';
import { answerPage } from './routes/pages.ts';
import type { Visit } from './visit.ts';

/** Hands pages about what all workers share to their owner. */
export type Forward = (visit: Visit) => Promise<void>;

/**
 * Answers one HTTP request by its route. Throws, or rejects with, a GatewayError for what the client must
 * be told. Without a way to forward them, all pages are answered here.
 */
export function answerVisit(visit: Visit, forward: Forward | undefined): void | Promise<void> {
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
