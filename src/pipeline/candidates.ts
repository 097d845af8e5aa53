import type { Endpoint } from '../catalog/catalog.ts';
import type { Resolution } from '../catalog/resolve-model.ts';
import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import type { Operation } from '../dialects/operation.ts';

/** Why an endpoint cannot serve a call at all (ROU-1). */
type Exclusion = 'provider_disabled' | 'provider_api_key_revoked' | 'provider_not_allowed';

/** An endpoint as one call sees it. */
export interface Candidate {
  endpoint: Endpoint;
  /** 0 = the user's own keys (ROU-7), 1 = the rest. */
  tier: 0 | 1;
  /** Null for an endpoint that may be tried. */
  excluded: Exclusion | null;
}

/** Every endpoint that the resolution's pins leave, those to be tried first and in order. */
export function listCandidates(resolution: Resolution, operation: Operation): Candidate[] {
  return resolution.model.endpoints
    .filter((endpoint) => isPinned(resolution, endpoint))
    .map(
      (endpoint): Candidate => ({
        endpoint,
        tier: endpoint.provider.byok ? 0 : 1,
        excluded: exclusion(endpoint, operation),
      }),
    )
    .sort((a, b) => Number(a.excluded !== null) - Number(b.excluded !== null) || a.tier - b.tier);
}

/** The endpoints to try, in order; throws what ROU-1 says when none is left. */
export function selectEndpoints(resolution: Resolution, operation: Operation): Endpoint[] {
  const candidates = listCandidates(resolution, operation);
  const endpoints = candidates
    .filter(({ excluded }) => excluded === null)
    .map(({ endpoint }) => endpoint);
  if (endpoints.length > 0) return endpoints;
  const code = candidates.some((each) => each.excluded === 'provider_disabled')
    ? 'provider_disabled'
    : (candidates.find((each) => each.excluded === 'provider_api_key_revoked')?.excluded ??
      'provider_not_allowed');
  throw new GatewayError(code, noneLeft(code, resolution, operation), { param: 'model' });
}

/** True for an endpoint that some call could use at this moment. */
export function isUsable({ provider, key }: Endpoint): boolean {
  return provider.enabled && !key?.revoked;
}

function isPinned(resolution: Resolution, endpoint: Endpoint): boolean {
  if (resolution.discount && !endpoint.provider.selfHosted) return false;
  return resolution.pinnedProvider === null || endpoint.provider.name === resolution.pinnedProvider;
}

function exclusion(endpoint: Endpoint, operation: Operation): Exclusion | null {
  if (!endpoint.operations.has(operation)) return 'provider_not_allowed';
  if (!endpoint.provider.enabled) return 'provider_disabled';
  if (endpoint.key?.revoked) return 'provider_api_key_revoked';
  return null;
}

function noneLeft(code: ErrorCode, { model }: Resolution, operation: Operation): string {
  const providers = model.endpoints.map(({ provider }) => `\`${provider.name}\``).join(', ');
  switch (code) {
    case 'provider_disabled':
      return `Model \`${model.name}\` is served by ${providers}, which is disabled; set \`enabled: true\` there.`;
    case 'provider_api_key_revoked':
      return `The provider key for model \`${model.name}\` (${providers}) is revoked; name another one.`;
    default:
      return `Model \`${model.name}\` is served by ${providers}, which does not offer ${operation.replaceAll('_', ' ')}.`;
  }
}
