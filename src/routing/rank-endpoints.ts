import { type Axis, PROFILES, type Profile } from './profiles.ts';

/** What is known of an endpoint when a call chooses; null = nothing is known on that axis. */
export interface Standing {
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

/** The standings in the order of trial: tier, then what is not deferred, then the profile. */
export function rankEndpoints<Candidate extends Standing>(
  candidates: readonly Candidate[],
  { profile, weights }: RankRules,
): Candidate[] {
  if (candidates.length < 2) return [...candidates];
  let known: Map<Standing, number> | null = null;
  const balanced = (a: Standing, b: Standing) => {
    // Where the axis tells all endpoints apart nobody asks for scores.
    known ??= scoreBalanced(candidates, weights);
    return (known.get(b) ?? 0) - (known.get(a) ?? 0) || compareAxis('cost', a, b);
  };
  const { axis, ties, unknown } = PROFILES[profile];
  const compareProfile = (a: Standing, b: Standing): number => {
    if (axis === null) return balanced(a, b);
    if (unknown === 'balanced' && a[axis] === null && b[axis] === null) return balanced(a, b);
    return compareAxis(axis, a, b) || compareTies(ties, a, b);
  };
  return [...candidates].sort(
    (a, b) =>
      a.tier - b.tier ||
      Number(a.deferred) - Number(b.deferred) ||
      compareProfile(a, b) ||
      Number(a.isForeign) - Number(b.isForeign) ||
      a.index - b.index,
  );
}

function compareTies(ties: readonly Axis[], a: Standing, b: Standing): number {
  for (const axis of ties) {
    const order = compareAxis(axis, a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** Axes on which more is better. */
const DESCENDING: ReadonlySet<Axis> = new Set(['throughput', 'uptime']);

/** The better one first; what is not known comes last. */
function compareAxis(axis: Axis, a: Standing, b: Standing): number {
  const left = a[axis];
  const right = b[axis];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return DESCENDING.has(axis) ? right - left : left - right;
}

const BLENDED = ['cost', 'latency', 'throughput'] as const;

/**
 * ROU-5: the weighted mean of how close an endpoint is to the best of its tier on each axis, times its
 * uptime; an endpoint without data on an axis gets the mean of those that have some.
 */
function scoreBalanced(candidates: readonly Standing[], weights: Weights): Map<Standing, number> {
  const scores = new Map<Standing, number>();
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
      // In billionths, so that equals stay equal however their sums were rounded.
      scores.set(peer, Math.round(merit * peer.uptime * 1e9));
    }
  }
  return scores;
}

/** 1 for the best of an axis, less for the others; null where no endpoint has data. */
function shareOfBest(peers: readonly Standing[], axis: (typeof BLENDED)[number]): number[] | null {
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
