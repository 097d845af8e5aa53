import { timingSafeEqual } from 'node:crypto';
import type { ApiKey, Catalog, Model } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';

/** The key that a client presents: its SHA-256, since nobody needs the key itself. */
export interface PresentedKey {
  digest: Buffer;
  hex: string;
}

/**
 * The API key that a client presents, or null in open mode; throws 401 (KEY-1). Digests are looked up
 * and then compared in constant time, so that timing tells nothing of a key.
 */
export function authenticate(
  catalog: Catalog,
  presented: PresentedKey | null,
  nowMs: number,
): ApiKey | null {
  if (catalog.apiKeys === null) return null;
  if (presented === null) {
    throw new GatewayError(
      'unauthorized',
      'No API key. Send one as `Authorization: Bearer …`, `x-api-key` or `x-goog-api-key`.',
    );
  }
  const apiKey = catalog.apiKeys.get(presented.hex);
  if (apiKey === undefined || !timingSafeEqual(apiKey.digest, presented.digest)) {
    throw new GatewayError('unauthorized', 'This API key is not known here.');
  }
  if (apiKey.revoked) {
    throw new GatewayError('api_key_revoked', `The API key \`${apiKey.name}\` has been revoked.`);
  }
  if (apiKey.expiresAt !== null && apiKey.expiresAt <= nowMs) {
    throw new GatewayError('api_key_expired', `The API key \`${apiKey.name}\` has expired.`);
  }
  return apiKey;
}

/** Throws 403 unless the key may call the model (KEY-3); open mode may call all. */
export function checkGrant(apiKey: ApiKey | null, model: Model): void {
  if (apiKey === null || apiKey.grants(model.name)) return;
  throw new GatewayError(
    'model_not_allowed',
    `Model \`${model.name}\` is not granted to key \`${apiKey.name}\`; add it under \`api_keys.${apiKey.name}.models\`.`,
    { param: 'model' },
  );
}
