import { type Axis, PROFILES, type Profile, type ProfileRule } from './profiles.ts';

/** What is known of an endpoint when a call chooses; null = nothing is known on that axis. */
export interface EndpointStanding {
  /** Place in the declared order. */
  index: number;
  /** Lower tiers come first, whatever the profile says (ROU-7). */
  tier: number;
  /** Left for last inside its tier: open circuit, Retry-After not over, limit reached (ROU-2). */
  deferred: boolean;
  /** Nanos of this request. */
  cost: number | null;
  /** Median time to first token in whole milliseconds. */
  latency: number | null;
  /** Output tokens per second, in tenths. */
  throughput: number | null;
  /** Share of attempts that succeeded, from 0 to 1. */
  uptime: number;
  /** It speaks another dialect than the client: between equals the own dialect comes first. */
  isForeign: boolean;
}

/** How much each axis counts in the balanced order. */
export interface Weights {
  cost: number;
  latency: number;
  throughput: number;
}

interface RankRules {
  profile: Profile;
  weights: Weights;
}

/** What can tell two endpoints apart; `balanced` is the weighted blend of the axes. */
export type Criterion = 'tier' | 'deferred' | 'balanced' | Axis | 'dialect' | 'declared';

/** How the endpoints of one call compare. */
export interface Comparison {
  /** Negative where the first one is tried first; two endpoints are never equal. */
  compare(a: EndpointStanding, b: EndpointStanding): number;
  /** The criterion on which they differ, where all before it found them equal. */
  decisive(a: EndpointStanding, b: EndpointStanding): Criterion;
  /** The balanced score, from 0 to 1. */
  score(standing: EndpointStanding): number;
}

/** The standings in the order of attempts: tier, then what is not deferred, then the profile. */
export function rankEndpoints<Candidate extends EndpointStanding>(
  candidates: readonly Candidate[],
  rules: RankRules,
): Candidate[] {
  if (candidates.length < 2) return [...candidates];
  return [...candidates].sort(createComparison(candidates, rules).compare);
}

/** The comparison that ranks these endpoints, and that can say why one comes before another. */
export function createComparison(
  candidates: readonly EndpointStanding[],
  { profile, weights }: RankRules,
): Comparison {
  let scores: Map<EndpointStanding, number> | null = null;
  const score = (standing: EndpointStanding) => {
    // Where the axis tells all endpoints apart nobody asks for scores.
    scores ??= scoreBalanced(candidates, weights);
    return scores.get(standing) ?? 0;
  };
  const compareBy = (criterion: Criterion, a: EndpointStanding, b: EndpointStanding): number => {
    switch (criterion) {
      case 'tier':
        return a.tier - b.tier;
      case 'deferred':
        return Number(a.deferred) - Number(b.deferred);
      case 'balanced':
        return score(b) - score(a);
      case 'dialect':
        return Number(a.isForeign) - Number(b.isForeign);
      case 'declared':
        return a.index - b.index;
      default:
        return compareAxis(criterion, a, b);
    }
  };
  return {
    compare(a, b) {
      for (const criterion of criteriaFor(profile, a, b)) {
        const order = compareBy(criterion, a, b);
        if (order !== 0) return order;
      }
      return 0;
    },
    decisive: (a, b) =>
      criteriaFor(profile, a, b).find((criterion) => compareBy(criterion, a, b) !== 0) ??
      'declared',
    score: (standing) => score(standing) / SCORE_UNITS,
  };
}

/** The criteria of a profile, in order; two endpoints that its axis knows nothing of may have their own. */
function criteriaFor(
  profile: Profile,
  a: EndpointStanding,
  b: EndpointStanding,
): readonly Criterion[] {
  const { axis, unknown } = PROFILES[profile];
  const isUnknown = axis !== null && unknown === 'balanced' && a[axis] === null && b[axis] === null;
  return CRITERIA[isUnknown ? 'balanced' : profile];
}

const CRITERIA: Readonly<Record<Profile, readonly Criterion[]>> = {
  balanced: listCriteria(PROFILES.balanced),
  cost: listCriteria(PROFILES.cost),
  latency: listCriteria(PROFILES.latency),
  throughput: listCriteria(PROFILES.throughput),
};

function listCriteria({ axis, ties }: ProfileRule): Criterion[] {
  return ['tier', 'deferred', axis ?? 'balanced', ...ties, 'dialect', 'declared'];
}

/** Axes on which more is better. */
const DESCENDING: ReadonlySet<Axis> = new Set(['throughput', 'uptime']);

/** The better one first; what is not known comes last. */
function compareAxis(axis: Axis, a: EndpointStanding, b: EndpointStanding): number {
  const left = a[axis];
  const right = b[axis];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return DESCENDING.has(axis) ? right - left : left - right;
}

/** Scores are whole billionths, so that equals stay equal however their sums were rounded. */
const SCORE_UNITS = 1e9;

const BLENDED = ['cost', 'latency', 'throughput'] as const;

/**
 * ROU-5: the weighted mean of how close an endpoint is to the best of its tier on each axis, times its
 * uptime; an endpoint without data on an axis gets the mean of those that have some.
 */
function scoreBalanced(
  candidates: readonly EndpointStanding[],
  weights: Weights,
): Map<EndpointStanding, number> {
  const scores = new Map<EndpointStanding, number>();
  for (const tier of new Set(candidates.map((candidate) => candidate.tier))) {
    const peers = candidates.filter((candidate) => candidate.tier === tier);
    const columns = BLENDED.flatMap((axis) => {
      const shares = shareOfBest(peers, axis);
      return shares === null ? [] : [{ weight: weights[axis], shares }];
    });
    const total = columns.reduce((sum, { weight }) => sum + weight, 0);
    for (const [row, peer] of peers.entries()) {
      const sum = columns.reduce(
        (soFar, { weight, shares }) => soFar + weight * (shares[row] ?? 0),
        0,
      );
      const merit = total === 0 ? 1 : sum / total;
      scores.set(peer, Math.round(merit * peer.uptime * SCORE_UNITS));
    }
  }
  return scores;
}

/** 1 for the best of an axis, less for the others; null where no endpoint has data. */
function shareOfBest(
  peers: readonly EndpointStanding[],
  axis: (typeof BLENDED)[number],
): number[] | null {
  const known = peers.flatMap((peer) => peer[axis] ?? []);
  if (known.length === 0) return null;
  const isDescending = DESCENDING.has(axis);
  const best = isDescending ? Math.max(...known) : Math.min(...known);
  const share = (value: number) => {
    if (value === best) return 1;
    return isDescending ? value / best : best / value;
  };
  const mean = known.reduce((sum, value) => sum + share(value), 0) / known.length;
  return peers.map((peer) => {
    const value = peer[axis];
    return value === null ? mean : share(value);
  });
}
