import { createCallReader } from './call-reader.ts';
import { createFieldList } from './field-list.ts';
import { readLedger } from './ledger-reader.ts';
import type { Grouping, SummarizedCall } from './summary.ts';

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
  const fields = createFieldList();
  const ts = fields.place('ts');
  const readCall = createCallReader(fields, by);
  const { damaged } = await readLedger({ file, fields: fields.names, sinceMs }, (entry) => {
    const step = Math.floor((Date.parse(entry.text(ts) ?? '') - sinceMs) / stepMs);
    if (!(step >= 0 && step < steps)) return;
    const call = readCall(entry);
    const group = groupNamed(call.group);
    add(total, call);
    add(group, call);
    const slot = group.steps[step];
    if (slot !== undefined) add(slot, call);
  });
  const sorted = [...groups.values()].sort(byCost);
  return { total, groups: sorted, rest, damaged };
}

function add(sums: CallSums, call: SummarizedCall): void {
  sums.calls += 1;
  sums.errors += Number(call.failed);
  sums.tokensIn += call.inputTokens;
  sums.tokensOut += call.outputTokens;
  sums.nanos += call.costNanoUsd ?? 0n;
  sums.unknownCosts += Number(call.costNanoUsd === null);
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
