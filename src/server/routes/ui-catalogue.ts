import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Catalog } from '../../catalog/catalog.ts';
import { describeCatalogue } from '../../catalog/describe-catalogue.ts';

/** Everything that the config names, and what the page needs to encrypt keys. */
export async function describeForPage(catalog: Catalog): Promise<unknown> {
  return {
    ...describeCatalogue(catalog),
    needs_api_key: catalog.apiKeys !== null,
    encryption: await Promise.all(
      Object.entries(catalog.privateKeyFiles).map(async ([keyId, file]) => ({
        key_id: keyId,
        public_key: await readPublicKey(file),
      })),
    ),
  };
}

/** The public half of a private key; null where the file cannot be read. */
async function readPublicKey(file: string): Promise<string | null> {
  try {
    return createPublicKey(await readFile(file, 'utf8'))
      .export({ type: 'spki', format: 'pem' })
      .toString();
  } catch {
    return null;
  }
}
