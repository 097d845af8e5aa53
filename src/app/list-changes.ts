import { isDeepStrictEqual } from 'node:util';
import { SealedSecret } from '../secrets/sealed-secret.ts';
import { Secret } from '../secrets/secret.ts';

/** What differs between two configs: paths such as `models.fast.pricing`, never a value. */
export interface ConfigChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** Compares two checked configs, entry by entry and then setting by setting (REL-2). */
export function listChanges(before: unknown, after: unknown): ConfigChanges {
  const changes: ConfigChanges = { added: [], changed: [], removed: [] };
  collect(changes, '', { before, after });
  return changes;
}

interface Sides {
  before: unknown;
  after: unknown;
}

/** Prices are one thing: inside they have other names than in the file. */
function collect(changes: ConfigChanges, path: string, { before, after }: Sides): void {
  if (before === undefined && after !== undefined) changes.added.push(path);
  else if (before !== undefined && after === undefined) changes.removed.push(path);
  else if (isMap(before) && isMap(after) && !path.endsWith('.pricing')) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const sides = { before: before[key], after: after[key] };
      collect(changes, path === '' ? key : `${path}.${key}`, sides);
    }
  } else if (!isSame(before, after)) changes.changed.push(path);
}

function isSame(before: unknown, after: unknown): boolean {
  if (before instanceof Secret && after instanceof Secret) return before.digest === after.digest;
  if (before instanceof SealedSecret && after instanceof SealedSecret) {
    return isDeepStrictEqual(before.envelope, after.envelope);
  }
  return isDeepStrictEqual(before, after);
}

/** A map of the file, not one of the things that settings become. */
function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
