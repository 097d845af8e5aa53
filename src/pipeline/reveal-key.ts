import { GatewayError } from '../core/gateway-error.ts';
import { Secret } from '../secrets/secret.ts';
import type { AttemptContext } from './exchange.ts';

/**
 * The endpoint's provider key in plain text, just before it is used; a promise only where an
 * envelope has to be opened. One that does not open is the endpoint's failure (FAI-1).
 */
export function revealKey({
  endpoint,
  runtime,
}: Pick<AttemptContext, 'endpoint' | 'runtime'>): string | null | Promise<string> {
  const { key, provider } = endpoint;
  if (key === null) return null;
  const { name, secret } = key;
  if (secret instanceof Secret) return secret.reveal();
  const { privateKeyFiles } = runtime.catalog;
  const id = JSON.stringify([provider.name, name]);
  const opened = runtime.vault.open({ id, secret, privateKeyFiles });
  if (typeof opened === 'string') return opened;
  return opened.catch((cause: Error) => {
    const place = `providers.${provider.name}.keys.${name}`;
    runtime.logger.error({ key: place }, `A provider key cannot be decrypted: ${cause.message}`);
    throw new GatewayError(
      'upstream_auth_error',
      `The key of provider \`${provider.name}\` cannot be decrypted; the log says why.`,
      { cause },
    );
  });
}
