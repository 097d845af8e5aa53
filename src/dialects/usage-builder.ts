import {
  createTokenUsage,
  type TokenBucket,
  type TokenUsage,
  type UnitKind,
} from '../core/token-usage.ts';
import type { JsonObject } from './json-object.ts';

/** Larger than any real count, and small enough that sums of counts stay exact. */
const MAX_COUNT = 1e12;

/** A share of a total. */
export type Share = readonly [bucket: TokenBucket, tokens: number];

/** Builds a TokenUsage from a report whose values may not be numbers, or may not add up. */
export interface UsageBuilder {
  readonly usage: TokenUsage;
  /** A reported count as a whole number; absent is 0, and an invalid one marks an anomaly. */
  count(value: unknown): number;
  /**
   * Divides a total: each share gets its tokens while they last, and the rest bucket gets what is left. The
   * buckets grow by exactly the total; a share that is cut short marks an anomaly.
   */
  allot(total: number, shares: readonly Share[], rest: TokenBucket): void;
}

/** A builder with every bucket at zero. */
export function createUsageBuilder(): UsageBuilder {
  const usage = createTokenUsage();
  return {
    usage,
    count: (value) => readCount(usage, value),
    allot(total, shares, rest) {
      let left = total;
      for (const [bucket, tokens] of shares) {
        if (tokens === 0) continue;
        if (tokens > left) usage.anomaly = true;
        const taken = Math.min(tokens, left);
        usage.tokens[bucket] += taken;
        left -= taken;
      }
      usage.tokens[rest] += left;
    },
  };
}

/** Adds units of that kind, if the report has any. */
export function addUnits(usage: TokenUsage, kind: UnitKind, value: unknown): void {
  const units = readCount(usage, value);
  if (units > 0) usage.units[kind] = (usage.units[kind] ?? 0) + units;
}

/** True if a report has at least one of the counts; some providers send reports without any. */
export function reportsAny(report: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => report[name] !== undefined && report[name] !== null);
}

function readCount(usage: TokenUsage, value: unknown): number {
  if (value === undefined || value === null) return 0;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
  const count = Math.min(Math.max(Math.round(number) || 0, 0), MAX_COUNT);
  if (count !== value) usage.anomaly = true;
  return count;
}
