import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { openWithFile, type PrivateKeyFiles } from './open-with-file.ts';
import type { SealedSecret } from './sealed-secret.ts';

/** How long a decrypted key stays in memory (SEC-5). */
const KEPT_MS = 5 * 60_000;

/** One encrypted provider key, and what opens it. */
interface Sealed {
  /** Identifies the provider key among all. */
  id: string;
  secret: SealedSecret;
  privateKeyFiles: PrivateKeyFiles;
}

/** Opens encrypted provider keys at the moment of use, and remembers them for a short while. */
export interface KeyVault {
  /** The key in plain text, at once while it is remembered; rejects with an EnvelopeError. */
  open(sealed: Sealed): string | Promise<string>;
}

interface Kept {
  text: string | Promise<string>;
  until: number;
}

/** A vault that has opened nothing. It outlives reloads: an unchanged key need not be opened again. */
export function createKeyVault(clock: Clock): KeyVault {
  const kept = new Map<string, Kept>();
  const hashes = new WeakMap<SealedSecret, string>();

  const cacheKey = ({ id, secret }: Sealed) => {
    const { envelope } = secret;
    const hash = hashes.get(secret) ?? hashOf(JSON.stringify(envelope));
    hashes.set(secret, hash);
    return JSON.stringify([id, envelope.keyId, hash]);
  };
  const forget = (key: string, entry: Kept) => {
    if (kept.get(key) === entry) kept.delete(key);
  };
  return {
    open(sealed) {
      const key = cacheKey(sealed);
      const known = kept.get(key);
      if (known !== undefined && clock.monotonicMs() < known.until) return known.text;
      // Calls that come while it is opened wait for the same answer.
      const opening = openWithFile(sealed.secret.envelope, sealed.privateKeyFiles);
      const entry: Kept = { text: opening, until: clock.monotonicMs() + KEPT_MS };
      kept.set(key, entry);
      opening.then(
        (text) => {
          entry.text = text;
          setTimeout(forget, KEPT_MS, key, entry).unref();
        },
        () => forget(key, entry),
      );
      return opening;
    },
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
