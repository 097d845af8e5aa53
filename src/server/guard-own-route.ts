import { timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import { presentedKey } from './presented-key.ts';
import type { Visit } from './visit.ts';

/**
 * Throws unless the visitor may see what concerns everybody: with the admin key, or in open mode
 * without one. An API key of a client is not enough.
 */
export function guardOwnRoute(visit: Visit): void {
  if (isAdmin(visit)) return;
  throw new GatewayError(
    'unauthorized',
    visit.runtime.catalog.adminDigest === null
      ? 'This route needs the admin key, and the config names none; set `admin_key`.'
      : 'This route needs the admin key; send it as `Authorization: Bearer …`.',
    visit.runtime.catalog.adminDigest === null ? { param: 'admin_key' } : {},
  );
}

/** True for who sends the admin key, and for everybody in open mode without one. */
export function isAdmin({ request, query, runtime }: Visit): boolean {
  const { adminDigest, apiKeys } = runtime.catalog;
  if (adminDigest === null) return apiKeys === null;
  const presented = presentedKey('openai', request, query);
  return presented !== null && timingSafeEqual(presented.digest, adminDigest);
}
