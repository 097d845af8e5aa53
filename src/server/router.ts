import { GatewayError } from '../core/gateway-error.ts';
import { surfaces } from '../surfaces/index.ts';
import type { CallRoute, Surface, SurfaceId } from '../surfaces/surface.ts';
import { explainNoRoute } from './explain-no-route.ts';

/** Where a request goes. */
export type Route =
  | { kind: 'call'; surface: SurfaceId; call: CallRoute }
  | { kind: 'models'; surface: SurfaceId; id: string | null }
  | { kind: 'namespace'; namespace: string; page: NamespacePage }
  | { kind: 'own'; page: OwnPage };

/** What is told of one namespace (LED-5). */
export type NamespacePage = 'requests' | 'usage';

/** Signalbox's own pages. */
export type OwnPage = 'home' | 'live' | 'ready' | 'route' | 'metrics' | UiPage;

/** The page for people, and what it reads. */
export type UiPage = 'ui' | 'ui-catalogue' | 'ui-calls' | 'ui-usage' | 'ui-limits' | 'ui-route';

const OWN_PAGES: ReadonlyMap<string, OwnPage> = new Map([
  ['/', 'home'],
  // Claude Code asks for this one before its first call.
  ['/api/hello', 'home'],
  ['/health/live', 'live'],
  ['/health/ready', 'ready'],
  ['/v1/route', 'route'],
  ['/ui', 'ui'],
  ['/ui/data/catalogue', 'ui-catalogue'],
  ['/ui/data/calls', 'ui-calls'],
  ['/ui/data/usage', 'ui-usage'],
  ['/ui/data/limits', 'ui-limits'],
  ['/ui/data/route', 'ui-route'],
  ['/metrics', 'metrics'],
]);

const NAMESPACE_PATH = /^\/v1\/namespaces\/([^/]+)\/(requests|usage)$/;

const MODELS_PATH = /^(?:\/v1beta|\/v1)?\/models(?:\/(.+))?$/s;

const SURFACES: readonly Surface[] = Object.values(surfaces);

/** What of a request decides its route. */
export interface Arrival {
  method: string;
  /** The path, still percent-encoded, without a slash at its end. */
  path: string;
  /** What the client's headers and query tell about its API. */
  surfaceHint: SurfaceId;
}

/** The route of a request; throws 404 or 405. */
export function findRoute({ method, path, surfaceHint }: Arrival): Route {
  const page = OWN_PAGES.get(path);
  if (page && isRead(method)) return { kind: 'own', page };
  for (const surface of SURFACES) {
    const call = surface.matchCall(path);
    if (call === null) continue;
    if (method === 'POST') return { kind: 'call', surface: surface.id, call };
    throw notAllowed(path, 'POST');
  }
  const namespace = isRead(method) ? NAMESPACE_PATH.exec(path) : null;
  if (namespace) {
    const [, name, told] = namespace;
    return { kind: 'namespace', namespace: decodeId(name) ?? '', page: told as NamespacePage };
  }
  const models = MODELS_PATH.exec(path);
  if (models && isRead(method)) {
    return { kind: 'models', surface: surfaceHint, id: decodeId(models[1]) };
  }
  // Behind `/models/` a POST is a Google call whose verb is not known, not a wrong method.
  if (page || (models && models[1] === undefined)) throw notAllowed(path, 'GET, HEAD');
  const known = [...SURFACES.flatMap(({ paths }) => paths), ...OWN_PAGES.keys()];
  throw new GatewayError('route_not_found', explainNoRoute(method, path, known));
}

/** The surface in whose shape a request's errors are written. */
export function guessSurface({ method, path, surfaceHint }: Arrival): SurfaceId {
  if (isRead(method) && MODELS_PATH.test(path)) return surfaceHint;
  return SURFACES.find((surface) => surface.ownsPath(path))?.id ?? 'openai';
}

/** Which API's shape a client of the shared `/v1/models` wants (API-7). */
export function hintSurface(
  headers: Readonly<Record<string, unknown>>,
  path: string,
  query: URLSearchParams,
): SurfaceId {
  if (headers['anthropic-version'] !== undefined) return 'anthropic';
  const isGoogle =
    path.startsWith('/v1beta/') ||
    headers['x-goog-api-key'] !== undefined ||
    headers['x-goog-api-client'] !== undefined ||
    query.has('key');
  return isGoogle ? 'google' : 'openai';
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function decodeId(encoded: string | undefined): string | null {
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new GatewayError('invalid_request', 'The path is not valid percent-encoding.', { cause });
  }
}

function notAllowed(path: string, allow: string): GatewayError {
  return new GatewayError('method_not_allowed', `${path} answers to ${allow} only.`, {
    headers: { allow },
  });
}
