import type { Amounts } from '../policies/limit.ts';

/** Nanos as JSON can carry them: text where a number would not be exact. */
export type PlainNanos = number | string;

/** Amounts as JSON can carry them. */
export type PlainAmounts = readonly [
  requests: number,
  tokensIn: number,
  tokensOut: number,
  mostTokensOut: number,
  nanoUsd: PlainNanos,
];

/** Nanos for a message. */
export function writeNanos(nanos: bigint): PlainNanos {
  const number = Number(nanos);
  return Number.isSafeInteger(number) ? number : String(nanos);
}

/** Amounts for a message. */
export function writeAmounts(amounts: Amounts): PlainAmounts {
  const { requests, tokensIn, tokensOut, mostTokensOut, nanoUsd } = amounts;
  return [requests, tokensIn, tokensOut, mostTokensOut, writeNanos(nanoUsd)];
}

/** Amounts of a message. */
export function readAmounts(plain: PlainAmounts): Amounts {
  const [requests, tokensIn, tokensOut, mostTokensOut, nanoUsd] = plain;
  return { requests, tokensIn, tokensOut, mostTokensOut, nanoUsd: BigInt(nanoUsd) };
}
