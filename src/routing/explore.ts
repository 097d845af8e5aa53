/** How well an endpoint is known on the axis that a profile judges by. */
export interface Familiarity {
  tier: number;
  deferred: boolean;
  /** Measurements inside the window. */
  samples: number;
}

/** Counts the requests that may explore; the same requests give the same explorations. */
export interface ExplorationCounter {
  /** True where the next request of that model is an n-th one; 0 = never. */
  isTurn(model: string, every: number): boolean;
  /** A request of that model came. */
  count(model: string): void;
}

/** Counters by model; names that clients invent (wildcards) cannot fill the memory. */
export function createExplorationCounter(maxModels = 10_000): ExplorationCounter {
  const counts = new Map<string, number>();
  return {
    isTurn: (model, every) => every > 0 && ((counts.get(model) ?? 0) + 1) % every === 0,
    count(model) {
      const count = (counts.get(model) ?? 0) + 1;
      counts.delete(model);
      counts.set(model, count);
      const oldest = counts.size > maxModels ? counts.keys().next().value : undefined;
      if (oldest !== undefined) counts.delete(oldest);
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
