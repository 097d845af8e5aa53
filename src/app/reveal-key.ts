import type { Catalog, ProviderKey } from '../catalog/catalog.ts';
import { openWithFile } from '../secrets/open-with-file.ts';
import { Secret } from '../secrets/secret.ts';

/** A provider key in plain text, for a command that ends soon; rejects with an EnvelopeError. */
export async function revealKey({ secret }: ProviderKey, catalog: Catalog): Promise<string> {
  return secret instanceof Secret
    ? secret.reveal()
    : openWithFile(secret.envelope, catalog.privateKeyFiles);
}
