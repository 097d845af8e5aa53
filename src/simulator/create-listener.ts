import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Operation, operationFacts, type SurfaceId } from '../dialects/operation.ts';
import { deliverCall, type Simulation } from './deliver-call.ts';
import { findRoute, guessSurface, type Route } from './find-route.ts';
import { readBody } from './read-body.ts';
import { HANDLERS } from './routes/index.ts';
import { listModels } from './routes/list-models.ts';
import { encodeError, SimulatorError } from './simulator-error.ts';

/** One HTTP exchange. */
interface Exchange {
  path: string;
  query: URLSearchParams;
  surface: SurfaceId;
  request: IncomingMessage;
  response: ServerResponse;
  mint: (prefix: string) => string;
  requestId: string;
}

/** The listener of a simulator's server: it answers, or fails in the dialect's own format. */
export function createListener(
  simulation: Simulation,
): (request: IncomingMessage, response: ServerResponse) => void {
  let requests = 0;
  return (request, response) => {
    requests += 1;
    const [path = '', search = ''] = (request.url ?? '').split('?', 2);
    const query = new URLSearchParams(search);
    const route = findRoute(request.method, path);
    const surface =
      route?.kind === 'operation'
        ? operationFacts(route.operation).surface
        : guessSurface(path, query, request.headers);
    const mint = createMint(requests);
    const requestId = mint('req_');
    response.setHeader(surface === 'anthropic' ? 'request-id' : 'x-request-id', requestId);
    const exchange = { path, query, surface, request, response, mint, requestId };
    serve(route, exchange, simulation).catch((error: unknown) => sendError(error, exchange));
  };
}

/** Ids are made from the number of the request and the number of the id within it. */
function createMint(request: number): (prefix: string) => string {
  let ids = 0;
  return (prefix) => {
    ids += 1;
    return `${prefix}sim${String(request).padStart(6, '0')}x${String(ids).padStart(3, '0')}`;
  };
}

/** Keys come first, as with real providers; then the route. */
async function serve(
  route: Route | null,
  exchange: Exchange,
  simulation: Simulation,
): Promise<void> {
  const { request, path } = exchange;
  if (holdsInvalidKey(exchange)) throw new SimulatorError(401, 'Incorrect API key provided.');
  if (route === null) {
    throw new SimulatorError(404, `Unknown route: ${request.method} ${path}`);
  }
  if (route.kind === 'models') return sendModels(route.id, exchange);
  await serveOperation(route.operation, route.pathModel, exchange, simulation);
}

/** Any key is accepted, also none; only the key `invalid` is refused. */
function holdsInvalidKey({ request, query }: Exchange): boolean {
  const { authorization, ...headers } = request.headers;
  const keys = [
    authorization?.replace(/^bearer\s+/i, ''),
    headers['x-api-key'],
    headers['api-key'],
    headers['x-goog-api-key'],
    query.get('key'),
  ];
  return keys.includes('invalid');
}

function sendModels(id: string | null, { surface, response }: Exchange): void {
  const models = listModels(surface, id);
  if (models === null) throw new SimulatorError(404, `The model '${id}' does not exist.`, 'model');
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(models));
}

async function serveOperation(
  operation: Operation,
  pathModel: string,
  exchange: Exchange,
  simulation: Simulation,
): Promise<void> {
  const { request, query, mint } = exchange;
  const { fields, files } = await readBody(request);
  const prepared = HANDLERS[operation]({
    operation,
    pathModel,
    query,
    headers: request.headers,
    body: fields,
    files,
    mint,
    cache: simulation.cache,
    reply: simulation.reply,
  });
  const { billed } = operationFacts(operation);
  await deliverCall(prepared, { ...exchange, billed }, simulation);
}

/** An answer that has begun can only be cut off. */
function sendError(thrown: unknown, { surface, response, requestId }: Exchange): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const error = thrown instanceof SimulatorError ? thrown : new SimulatorError(500, `${thrown}`);
  if (error.status === 429) response.setHeader('retry-after', '1');
  response.writeHead(error.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(encodeError(surface, error, requestId)));
}
