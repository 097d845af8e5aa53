import {
  OPERATION_NAMES,
  type Operation,
  operationFacts,
  type SurfaceId,
} from '../dialects/operation.ts';

/** The fixed paths of a surface's operations, with and without the version segment. */
export function exactRoutes(surface: SurfaceId): ReadonlyMap<string, Operation> {
  const routes = new Map<string, Operation>();
  for (const operation of OPERATION_NAMES) {
    const facts = operationFacts(operation);
    if (facts.surface !== surface) continue;
    routes.set(facts.path, operation);
    routes.set(`/v1${facts.path}`, operation);
  }
  return routes;
}
