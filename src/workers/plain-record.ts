import { createTokenCounts, TOKEN_BUCKETS, type TokenCounts } from '../core/token-usage.ts';
import type { MeteredRecord } from '../usage/usage-record.ts';
import { type PlainNanos, writeNanos } from './plain-amounts.ts';

/** What metrics count of a call, as JSON can carry it without naming each member. */
export type PlainRecord = readonly [
  surface: string,
  provider: string | null,
  httpStatus: number,
  errorCode: string | null,
  /** The place of each bucket that is not zero, and its count; null = nobody knows. */
  tokens: readonly number[] | null,
  costNanoUsd: PlainNanos | null,
  latencyMs: number,
  ttftMs: number | null,
];

/** A record for a message. */
export function writeRecord(record: MeteredRecord): PlainRecord {
  const { surface, provider, httpStatus, errorCode, usage, costNanoUsd, latencyMs, ttftMs } =
    record;
  return [
    surface,
    provider ?? null,
    httpStatus,
    errorCode ?? null,
    usage && writeTokens(usage.tokens),
    costNanoUsd === null ? null : writeNanos(costNanoUsd),
    latencyMs,
    ttftMs ?? null,
  ];
}

/** A record of a message. */
export function readRecord(plain: PlainRecord): MeteredRecord {
  const [surface, provider, httpStatus, errorCode, tokens, costNanoUsd, latencyMs, ttftMs] = plain;
  return {
    surface,
    provider: provider ?? undefined,
    httpStatus,
    errorCode: errorCode ?? undefined,
    usage: tokens && { tokens: readTokens(tokens) },
    costNanoUsd: costNanoUsd === null ? null : BigInt(costNanoUsd),
    latencyMs,
    ttftMs: ttftMs ?? undefined,
  };
}

type Tokens = TokenCounts;

function writeTokens(tokens: Readonly<Tokens>): number[] {
  const counted: number[] = [];
  for (const [place, bucket] of TOKEN_BUCKETS.entries()) {
    if (tokens[bucket] !== 0) counted.push(place, tokens[bucket]);
  }
  return counted;
}

function readTokens(counted: readonly number[]): Tokens {
  const tokens = createTokenCounts();
  for (let at = 0; at < counted.length; at += 2) {
    const bucket = TOKEN_BUCKETS[counted[at] ?? -1];
    if (bucket !== undefined) tokens[bucket] = counted[at + 1] ?? 0;
  }
  return tokens;
}
