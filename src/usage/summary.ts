import { createLatencyCounts, type KeptLatencies, type LatencyCounts } from './latency-counts.ts';
import type { NumberList, ReadNumbers } from './number-list.ts';

/** What usage can be summed by, and the member of a ledger line that says it. */
export const GROUPINGS = {
  model: 'model',
  requested: 'requested_model',
  api_key: 'api_key',
  provider: 'provider',
  profile: 'routing_profile',
  team: 'team',
  user: 'user',
  day: 'ts',
  hour: 'ts',
  session: 'session',
} as const;

export type Grouping = keyof typeof GROUPINGS;

/** Whether the word is one of the groupings. */
export function isGrouping(word: string): word is Grouping {
  return Object.hasOwn(GROUPINGS, word);
}

/** What a summary takes of one call. */
export interface SummarizedCall {
  /** Null where the call has none, such as a model where none was found. */
  group: string | null;
  /** The client got an error, or a stream that failed. */
  failed: boolean;
  latencyMs: number | undefined;
  inputTokens: number;
  /** The part of the input that was read from a cache. */
  cachedTokens: number;
  outputTokens: number;
  /** Null where it is unknown. */
  costNanoUsd: bigint | null;
}

/** The sums of a group, or of everything. */
export interface UsageSums {
  requests: number;
  errors: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** Of the calls whose cost is known; null where no call's is, which is not zero. */
  costNanoUsd: bigint | null;
  /** Calls that are not in the cost. */
  unknownCosts: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

export interface UsageRow extends UsageSums {
  group: string | null;
}

/** Sums over calls, added one by one. */
export interface Summary {
  add(call: SummarizedCall): void;
  /** Times in their order; anything else by cost, the dearest first. */
  rows(): UsageRow[];
  total(): UsageSums;
  /** Hands its many numbers to `put`, which says where they stand. */
  keep(put: NumberList['put']): KeptSummary;
}

/** A summary as it is written down. */
export interface KeptSummary {
  total: KeptTally;
  groups: readonly (readonly [group: string | null, tally: KeptTally])[];
}

/** What was kept, and its numbers, which are read where they are needed. */
export interface OpenSummary extends KeptSummary {
  read: ReadNumbers;
}

/** A summary that goes on from what was kept, or from no calls. It grows with the groups, not the calls. */
export function createSummary(grouping: Grouping, kept?: OpenSummary): Summary {
  const open = (each: KeptTally) => openTally(each, kept?.read);
  const tallies = new Map((kept?.groups ?? []).map(([group, each]) => [group, open(each)]));
  const total = kept === undefined ? createTally() : open(kept.total);
  const isByTime = GROUPINGS[grouping] === 'ts';
  return {
    add(call) {
      let tally = tallies.get(call.group);
      if (tally === undefined) {
        tally = createTally();
        tallies.set(call.group, tally);
      }
      addCall(tally, call);
      addCall(total, call);
    },
    rows() {
      const rows = [...tallies].map(([group, tally]) => ({ group, ...sumUp(tally) }));
      return rows.sort(isByTime ? compareGroups : compareCosts);
    },
    total: () => sumUp(total),
    keep: (put) => ({
      total: keepTally(total, put),
      groups: Array.from(tallies, ([group, tally]) => [group, keepTally(tally, put)] as const),
    }),
  };
}

interface Tally {
  requests: number;
  errors: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  nanos: bigint;
  unknownCosts: number;
  latencies: LatencyCounts;
}

function createTally(): Tally {
  return {
    requests: 0,
    errors: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    nanos: 0n,
    unknownCosts: 0,
    latencies: createLatencyCounts(),
  };
}

function addCall(tally: Tally, call: SummarizedCall): void {
  tally.requests += 1;
  if (call.failed) tally.errors += 1;
  tally.inputTokens += call.inputTokens;
  tally.cachedTokens += call.cachedTokens;
  tally.outputTokens += call.outputTokens;
  if (call.costNanoUsd === null) tally.unknownCosts += 1;
  else tally.nanos += call.costNanoUsd;
  if (call.latencyMs !== undefined) tally.latencies.add(call.latencyMs);
}

/** A tally without what JSON has no word for. */
interface KeptTally extends Omit<Tally, 'nanos' | 'latencies'> {
  nanos: string;
  latencies: KeptLatencies;
}

function keepTally({ nanos, latencies, ...counts }: Tally, put: NumberList['put']): KeptTally {
  return { ...counts, nanos: String(nanos), latencies: latencies.keep(put) };
}

function openTally({ nanos, latencies, ...counts }: KeptTally, read?: ReadNumbers): Tally {
  return { ...counts, nanos: BigInt(nanos), latencies: createLatencyCounts(latencies, read) };
}

function sumUp({ nanos, latencies, ...counts }: Tally): UsageSums {
  const isUnknown = counts.unknownCosts > 0 && counts.unknownCosts === counts.requests;
  return {
    ...counts,
    costNanoUsd: isUnknown ? null : nanos,
    p50Ms: latencies.percentile(50),
    p95Ms: latencies.percentile(95),
  };
}

function compareGroups(a: UsageRow, b: UsageRow): number {
  const [left, right] = [a.group ?? '', b.group ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareCosts(a: UsageRow, b: UsageRow): number {
  const difference = (b.costNanoUsd ?? 0n) - (a.costNanoUsd ?? 0n);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return b.requests - a.requests || compareGroups(a, b);
}
