import { type LedgerEntry, readLedger } from './ledger-reader.ts';

/** What calls can be grouped by. */
export const GROUPINGS = ['model', 'api_key', 'provider', 'routing_profile', 'session'] as const;

export type Grouping = (typeof GROUPINGS)[number];

/** Sessions have no end; what comes beyond this many groups is summed as one. */
const MAX_GROUPS = 5000;

/** Which calls are summed, and in which steps. */
export interface TimeQuestion {
  file: string;
  by: Grouping;
  sinceMs: number;
  stepMs: number;
  steps: number;
}

/** Sums of some calls. */
export interface CallSums {
  calls: number;
  errors: number;
  tokensIn: number;
  tokensOut: number;
  nanos: bigint;
  /** Calls whose cost is not known, and is not in `nanos`. */
  unknownCosts: number;
}

/** The sums of one group, whole and by step. */
export interface TimeGroup extends CallSums {
  /** Null for calls that name none. */
  name: string | null;
  steps: CallSums[];
}

/** What was summed. */
export interface TimeSums {
  total: CallSums;
  /** The dearest first. */
  groups: TimeGroup[];
  /** The calls of all groups beyond the most that are kept apart, or null. */
  rest: TimeGroup | null;
  damaged: number;
}

/** Sums the ledger's calls by a field and by steps of time. */
export async function sumOverTime(question: TimeQuestion): Promise<TimeSums> {
  const { file, by, sinceMs, stepMs, steps } = question;
  const groups = new Map<string | null, TimeGroup>();
  let rest: TimeGroup | null = null;
  const total = noCalls();
  const groupNamed = (name: string | null): TimeGroup => {
    const known = groups.get(name);
    if (known !== undefined) return known;
    if (groups.size >= MAX_GROUPS) {
      rest ??= newGroup(null, steps);
      return rest;
    }
    const group = newGroup(name, steps);
    groups.set(name, group);
    return group;
  };
  const fields = ['ts', by, 'http_status', 'error_code', 'tokens', 'cost_nanos_usd'];
  const { damaged } = await readLedger({ file, fields, sinceMs }, (entry) => {
    const step = Math.floor((Date.parse(entry.text(0) ?? '') - sinceMs) / stepMs);
    if (!(step >= 0 && step < steps)) return;
    const call = readCall(entry);
    const group = groupNamed(entry.text(1) ?? null);
    add(total, call);
    add(group, call);
    const slot = group.steps[step];
    if (slot !== undefined) add(slot, call);
  });
  const sorted = [...groups.values()].sort(byCost);
  return { total, groups: sorted, rest, damaged };
}

function readCall(entry: LedgerEntry): CallSums {
  const tokens = entry.value(4) as { in?: number; out?: number } | undefined;
  const nanos = entry.integer(5);
  const failed = (entry.number(2) ?? 0) >= 400 || entry.text(3) !== undefined;
  return {
    calls: 1,
    errors: Number(failed),
    tokensIn: tokens?.in ?? 0,
    tokensOut: tokens?.out ?? 0,
    nanos: nanos ?? 0n,
    unknownCosts: Number(typeof nanos !== 'bigint'),
  };
}

function add(sums: CallSums, call: CallSums): void {
  sums.calls += call.calls;
  sums.errors += call.errors;
  sums.tokensIn += call.tokensIn;
  sums.tokensOut += call.tokensOut;
  sums.nanos += call.nanos;
  sums.unknownCosts += call.unknownCosts;
}

function noCalls(): CallSums {
  return { calls: 0, errors: 0, tokensIn: 0, tokensOut: 0, nanos: 0n, unknownCosts: 0 };
}

function newGroup(name: string | null, steps: number): TimeGroup {
  return { name, ...noCalls(), steps: Array.from({ length: steps }, noCalls) };
}

function byCost(a: TimeGroup, b: TimeGroup): number {
  if (a.nanos !== b.nanos) return a.nanos > b.nanos ? -1 : 1;
  return b.calls - a.calls;
}
