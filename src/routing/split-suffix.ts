import { SUFFIXES, type Suffix } from './profiles.ts';

const KNOWN: ReadonlyMap<string, Suffix> = new Map(SUFFIXES.map((suffix) => [suffix, suffix]));

/** `gpt-4o:cost` → `gpt-4o` and `cost`; null where what follows the last colon is no suffix. */
export function splitSuffix(modelId: string): { base: string; suffix: Suffix } | null {
  const colon = modelId.lastIndexOf(':');
  const suffix = colon === -1 ? undefined : KNOWN.get(modelId.slice(colon + 1));
  return suffix === undefined ? null : { base: modelId.slice(0, colon), suffix };
}
