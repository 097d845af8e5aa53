import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { PresentedKey } from '../pipeline/authenticate.ts';
import type { SurfaceId } from '../surfaces/surface.ts';
import { readCredential } from './credential.ts';

interface Known {
  credential: string;
  key: PresentedKey;
}

/** What each connection presented last, for as long as it is open. */
const known = new WeakMap<object, Known>();

/**
 * The API key that a client presents, by its digest, or null. A client presents the same one with each
 * request of a connection, and to digest it takes 3 % of a call: it is digested once for each connection.
 */
export function presentedKey(
  surface: SurfaceId,
  { headers, socket }: IncomingMessage,
  query: URLSearchParams,
): PresentedKey | null {
  const credential = readCredential(surface, headers, query);
  if (credential === null) return null;
  const before = known.get(socket);
  if (before !== undefined && before.credential === credential) return before.key;
  const digest = hash('sha256', credential, 'buffer');
  const key = { digest, hex: digest.toString('hex') };
  known.set(socket, { credential, key });
  return key;
}
