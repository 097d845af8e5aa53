import type { Amounts } from '../policies/limit.ts';

/** Amounts as JSON can carry them; the nanos, which it cannot, as text. */
export type PlainAmounts = readonly [
  requests: number,
  tokensIn: number,
  tokensOut: number,
  mostTokensOut: number,
  nanoUsd: string,
];

/** Amounts for a message. */
export function writeAmounts(amounts: Amounts): PlainAmounts {
  const { requests, tokensIn, tokensOut, mostTokensOut, nanoUsd } = amounts;
  return [requests, tokensIn, tokensOut, mostTokensOut, String(nanoUsd)];
}

/** Amounts of a message. */
export function readAmounts(plain: PlainAmounts): Amounts {
  const [requests, tokensIn, tokensOut, mostTokensOut, nanoUsd] = plain;
  return { requests, tokensIn, tokensOut, mostTokensOut, nanoUsd: BigInt(nanoUsd) };
}
