import { hash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import { readCredential } from './credential.ts';
import type { Visit } from './http-server.ts';

/**
 * Throws unless the visitor may see what concerns everybody: with the admin key, or in open mode
 * without one. An API key of a client is not enough.
 */
export function guardOwnRoute({ request, query, runtime }: Visit): void {
  const { adminDigest, apiKeys } = runtime.catalog;
  if (adminDigest === null) {
    if (apiKeys === null) return;
    throw new GatewayError(
      'unauthorized',
      'This route needs the admin key, and the config names none; set `admin_key`.',
    );
  }
  const credential = readCredential('openai', request.headers, query);
  const digest = hash('sha256', credential ?? '', 'buffer');
  if (credential !== null && timingSafeEqual(digest, adminDigest)) return;
  throw new GatewayError(
    'unauthorized',
    'This route needs the admin key; send it as `Authorization: Bearer …`.',
  );
}
