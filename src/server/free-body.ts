import { freeBytes, isWorthFreeing } from '../core/free-bytes.ts';
import type { Runtime } from '../pipeline/runtime.ts';

/**
 * Frees the memory of a body whose call is done, unless a connection may still read it. Behind what the call
 * has put off to the next turn, since that may read the body too.
 */
export function freeBody(body: Buffer | null, { upstream }: Pick<Runtime, 'upstream'>): void {
  if (body === null || !isWorthFreeing(body)) return;
  setImmediate(() => {
    if (!upstream.holds(body)) freeBytes(body);
  });
}
