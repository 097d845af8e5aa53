import type { IncomingHttpHeaders } from 'node:http';
import {
  OPERATION_NAMES,
  OPERATIONS,
  type Operation,
  type SurfaceId,
} from '../dialects/operation.ts';

/** The route that a request line asks for. */
export type Route =
  | { kind: 'operation'; operation: Operation; pathModel: string }
  | { kind: 'models'; id: string | null };

/** Azure's paths have `/openai` before the version, or a deployment in place of it. */
const VERSION = /^(?:\/openai)?\/(?:v1|v1beta|deployments\/[^/]+)(?=\/)|^\/openai(?=\/)/;
const MODELS = /^\/models(?:\/(?<id>.+))?$/;

/** The model may hold colons: the verb follows the last one. */
const MODEL_VERB = /^\/models\/(?<model>.+)(?<verb>:[^:/]+)$/;

const BY_PATH: ReadonlyMap<string, Operation> = new Map(
  OPERATION_NAMES.map((operation) => [OPERATIONS[operation].path, operation]),
);

/** The route of a request, with or without a version segment; null if there is none. */
export function findRoute(method: string | undefined, path: string): Route | null {
  const route = decodePath(path.replace(VERSION, ''));
  if (method === 'GET') {
    const groups = MODELS.exec(route)?.groups;
    return groups === undefined ? null : { kind: 'models', id: groups['id'] ?? null };
  }
  if (method !== 'POST') return null;
  const { model = '', verb } = MODEL_VERB.exec(route)?.groups ?? {};
  const operation = BY_PATH.get(verb === undefined ? route : `/models/{model}${verb}`);
  return operation === undefined ? null : { kind: 'operation', operation, pathModel: model };
}

/** The surface of a request without an operation, guessed from version segment, key or headers. */
export function guessSurface(
  path: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): SurfaceId {
  if (headers['anthropic-version'] !== undefined) return 'anthropic';
  const isGoogle =
    path.startsWith('/v1beta/') ||
    query.has('key') ||
    headers['x-goog-api-key'] !== undefined ||
    headers['x-goog-api-client'] !== undefined;
  return isGoogle ? 'google' : 'openai';
}

/** A path with a malformed escape is used as it is; no route will match it. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
