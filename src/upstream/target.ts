/** A URL in the parts that a request is made of. */
export interface Target {
  origin: string;
  /** For messages. */
  host: string;
  /** With its query. */
  path: string;
}

/** Slugs that clients invent (wildcards) cannot fill the memory. */
const MAX_TARGETS = 1_000;

const targets = new Map<string, Target>();

/** The parts of a URL; parsing one takes longer than many a call's other steps, and few are in use. */
export function readTarget(url: string): Target {
  const known = targets.get(url);
  if (known !== undefined) return known;
  const { origin, host, pathname, search } = new URL(url);
  const target = { origin, host, path: pathname + search };
  if (targets.size >= MAX_TARGETS) targets.clear();
  targets.set(url, target);
  return target;
}
