/** How well an endpoint is known on the axis that a profile judges by. */
export interface Familiarity {
  tier: number;
  deferred: boolean;
  /** Measurements inside the window. */
  samples: number;
}

/** Counts the requests that may explore; the same requests give the same explorations. */
export interface ExplorationCounter {
  /** True for every n-th request of that model; 0 = never. */
  isTurn(model: string, every: number): boolean;
}

/** Counters by model; names that clients invent (wildcards) cannot fill the memory. */
export function createExplorationCounter(maxModels = 10_000): ExplorationCounter {
  const counts = new Map<string, number>();
  return {
    isTurn(model, every) {
      if (every === 0) return false;
      const count = (counts.get(model) ?? 0) + 1;
      counts.delete(model);
      counts.set(model, count);
      const oldest = counts.size > maxModels ? counts.keys().next().value : undefined;
      if (oldest !== undefined) counts.delete(oldest);
      return count % every === 0;
    },
  };
}

/**
 * Puts the least measured endpoint first, if it is not known well enough (ROU-6). It must be one that
 * could come first: of the best tier, and not deferred.
 */
export function explore<Candidate extends Familiarity>(
  ranked: readonly Candidate[],
  minSamples: number,
): Candidate[] {
  const [first] = ranked;
  if (first === undefined || first.deferred) return [...ranked];
  let least = first;
  for (const candidate of ranked) {
    if (candidate.tier !== first.tier || candidate.deferred) continue;
    if (candidate.samples < least.samples) least = candidate;
  }
  if (least.samples >= minSamples) return [...ranked];
  return [least, ...ranked.filter((candidate) => candidate !== least)];
}
