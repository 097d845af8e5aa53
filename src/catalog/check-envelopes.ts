import { stat } from 'node:fs/promises';
import { error, type Finding, type Path, warning } from '../config/finding.ts';
import type { Config } from '../config/schema.ts';
import { suggest } from '../core/suggest.ts';
import { EnvelopeError } from '../secrets/envelope.ts';
import { openWithFile, type PrivateKeyFiles } from '../secrets/open-with-file.ts';
import { SealedSecret } from '../secrets/sealed-secret.ts';

/** An encrypted provider key that calls may need. */
interface Place {
  path: Path;
  secret: SealedSecret;
}

/**
 * Opens every encrypted provider key once and forgets it, so that one that cannot be opened stops the
 * config rather than a call (SEC-5).
 */
export async function checkEnvelopes(config: Config): Promise<Finding[]> {
  const files = config.encryption.private_keys;
  const findings = await Promise.all([
    ...sealedKeys(config).map((place) => checkEnvelope(place, files)),
    ...Object.entries(files).map(([id, file]) => checkRights(id, file)),
  ]);
  return findings.flat();
}

function sealedKeys({ providers }: Config): Place[] {
  return Object.entries(providers).flatMap(([provider, { enabled, keys }]) =>
    Object.entries(keys).flatMap(([name, { key, revoked }]) =>
      enabled && !revoked && key instanceof SealedSecret
        ? [{ path: ['providers', provider, 'keys', name], secret: key }]
        : [],
    ),
  );
}

async function checkEnvelope({ path, secret }: Place, files: PrivateKeyFiles): Promise<Finding[]> {
  const { envelope } = secret;
  try {
    await openWithFile(envelope, files);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof EnvelopeError)) throw thrown;
    const isKnown = Object.hasOwn(files, envelope.keyId);
    const hint = isKnown ? '' : suggest(envelope.keyId, Object.keys(files));
    return [error(path, `cannot be decrypted: ${thrown.message}${hint}`)];
  }
}

/** A file that is not there is told where it is needed. */
async function checkRights(id: string, file: string): Promise<Finding[]> {
  const found = await stat(file).catch(() => null);
  const isOpen = found !== null && process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  if (!isOpen) return [];
  const path: Path = ['encryption', 'private_keys', id];
  return [warning(path, 'others on this machine may read the private key: `chmod 600` its file')];
}
