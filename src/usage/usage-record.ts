import type { TokenUsage } from '../core/token-usage.ts';

/** How sure the tokens of a record are (MON-6). */
export type UsageSource = 'reported' | 'partial' | 'estimated' | 'none';

/** Why a cost is null. */
export type CostReason = 'unpriced' | 'usage_unknown';

/** One try of one candidate, as the ledger tells it. */
export interface AttemptRecord {
  /** In the ledger where it is not the call's, as before a fallback. */
  model: string;
  provider: string;
  slug: string;
  /** The name of the provider's key. */
  key: string | undefined;
  /** The upstream's HTTP status; absent if it gave none. */
  status: number | undefined;
  error: string | undefined;
  ms: number;
}

/** What a call held of its limits. */
export interface HeldAmounts {
  tokensIn: number;
  tokensOut: number;
  nanoUsd: bigint;
}

/** Everything known about one call when it settles; the ledger's line is made from it (LED-1). */
export interface UsageRecord {
  /** Milliseconds since the epoch when the call arrived. */
  arrivedAt: number;
  requestId: string;
  configHash: string;
  apiKey: string | undefined;
  organisation: string | undefined;
  team: string | undefined;
  user: string | undefined;
  namespace: string;
  session: string | undefined;
  surface: string;
  operation: string;
  stream: boolean;
  requestedModel: string | undefined;
  alias: string | undefined;
  model: string | undefined;
  variantOf: string | undefined;
  slug: string | undefined;
  provider: string | undefined;
  providerKey: string | undefined;
  routingProfile: string;
  discount: boolean;
  httpStatus: number;
  errorCode: string | undefined;
  latencyMs: number;
  ttftMs: number | undefined;
  usage: TokenUsage | null;
  usageSource: UsageSource;
  /** What limits count where nobody knows what was used or what it cost; undefined where that is known. */
  held: HeldAmounts | undefined;
  /** Null = unknown, never zero. */
  costNanoUsd: bigint | null;
  costReason: CostReason | undefined;
  /** Nanos per billed line, such as `input_text`. */
  billing: readonly (readonly [line: string, nanos: bigint])[];
  /** The upstream's own usage object, verbatim: text that was parsed as JSON. */
  providerUsage: string | undefined;
  providerRequestId: string | undefined;
  pinned: string | undefined;
  attempts: readonly AttemptRecord[];
  /** When each of them ended, in milliseconds after the call's arrival; not in the ledger. */
  attemptEndsMs: readonly number[];
  clientIp: string | undefined;
}

/** What metrics count of a call. */
export interface MeteredRecord
  extends Pick<
    UsageRecord,
    'surface' | 'provider' | 'httpStatus' | 'errorCode' | 'costNanoUsd' | 'latencyMs' | 'ttftMs'
  > {
  usage: Pick<TokenUsage, 'tokens'> | null;
}
