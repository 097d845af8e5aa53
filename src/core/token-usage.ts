/**
 * The disjoint buckets that usage is counted in, whatever dialect reported it (each token is in
 * exactly one). `in…` is input that was neither read from nor written to a cache.
 */
export const TOKEN_BUCKETS = [
  'inText',
  'inImage',
  'inAudio',
  'inVideo',
  'inDocument',
  'cacheReadText',
  'cacheReadImage',
  'cacheReadAudio',
  'cacheReadVideo',
  'cacheReadDocument',
  'cacheWrite5m',
  'cacheWrite30m',
  'cacheWrite1h',
  'cacheWrite12h',
  'outText',
  'outImage',
  'outAudio',
  'outVideo',
  'reasoning',
  'toolPrompt',
] as const;

export type TokenBucket = (typeof TOKEN_BUCKETS)[number];

/** How many tokens each bucket holds. */
export type TokenCounts = Record<TokenBucket, number>;

/** The buckets of output; all others are input. */
export const OUTPUT_BUCKETS: readonly TokenBucket[] = [
  'outText',
  'outImage',
  'outAudio',
  'outVideo',
  'reasoning',
];

/** The buckets of input that a cache gave. */
export const CACHE_READ_BUCKETS = [
  'cacheReadText',
  'cacheReadImage',
  'cacheReadAudio',
  'cacheReadVideo',
  'cacheReadDocument',
] as const satisfies readonly TokenBucket[];

/** The buckets of input that a cache took, by how long it keeps them. */
export const CACHE_WRITE_BUCKETS = [
  'cacheWrite5m',
  'cacheWrite30m',
  'cacheWrite1h',
  'cacheWrite12h',
] as const satisfies readonly TokenBucket[];

/** Things billed by the piece rather than by the token; whole numbers (audio in milliseconds). */
export const UNIT_KINDS = ['image', 'audioMs', 'character', 'webSearch', 'webFetch'] as const;

export type UnitKind = (typeof UNIT_KINDS)[number];

/** Tokens an upstream spent on another model inside the same call, priced at that model. */
export interface ExtraUsage {
  model: string | undefined;
  kind: string;
  tokens: TokenCounts;
}

/** What one call used, as its upstream reported it. Counts are non-negative integers. */
export interface TokenUsage {
  tokens: TokenCounts;
  units: Partial<Record<UnitKind, number>>;
  extra: ExtraUsage[];
  /** The service tier the upstream says it billed. */
  tier: string | undefined;
  /** Set when a count had to be clamped because the report contradicted itself. */
  anomaly: boolean;
}

/** A usage in which every bucket is zero. */
export function createTokenUsage(): TokenUsage {
  return { tokens: createTokenCounts(), units: {}, extra: [], tier: undefined, anomaly: false };
}

/** All buckets at zero. */
export function createTokenCounts(): TokenCounts {
  return {
    inText: 0,
    inImage: 0,
    inAudio: 0,
    inVideo: 0,
    inDocument: 0,
    cacheReadText: 0,
    cacheReadImage: 0,
    cacheReadAudio: 0,
    cacheReadVideo: 0,
    cacheReadDocument: 0,
    cacheWrite5m: 0,
    cacheWrite30m: 0,
    cacheWrite1h: 0,
    cacheWrite12h: 0,
    outText: 0,
    outImage: 0,
    outAudio: 0,
    outVideo: 0,
    reasoning: 0,
    toolPrompt: 0,
  };
}

/**
 * The buckets that are not empty, mostly two of the twenty. A loop over an object's own fields reads them
 * where they lie; to ask it for each of the twenty, four times, took a twentieth of a call.
 */
export function filledBuckets(tokens: Readonly<TokenCounts>): TokenBucket[] {
  const filled: TokenBucket[] = [];
  for (const name in tokens) {
    const bucket = name as TokenBucket;
    if (tokens[bucket] !== 0) filled.push(bucket);
  }
  return filled;
}

/** The tokens of some buckets together. */
export function sumTokens(tokens: Readonly<TokenCounts>, buckets: readonly TokenBucket[]): number {
  return buckets.reduce((total, bucket) => total + tokens[bucket], 0);
}

/** All output tokens, reasoning included. */
export function totalOutput(tokens: Readonly<TokenCounts>): number {
  return tokens.outText + tokens.outImage + tokens.outAudio + tokens.outVideo + tokens.reasoning;
}

/** All input tokens: fresh, read from cache, written to cache, and tool prompts. */
export function totalInput(tokens: Readonly<TokenCounts>): number {
  let total = 0;
  for (const name in tokens) total += tokens[name as TokenBucket];
  return total - totalOutput(tokens);
}

/** Adds to a usage what was used beside it. */
export function addUsage(sum: TokenUsage, usage: TokenUsage): void {
  for (const bucket of filledBuckets(usage.tokens)) sum.tokens[bucket] += usage.tokens[bucket];
  for (const unit of UNIT_KINDS) {
    const count = usage.units[unit];
    if (count !== undefined) sum.units[unit] = (sum.units[unit] ?? 0) + count;
  }
  sum.extra.push(...usage.extra);
  sum.tier ??= usage.tier;
  sum.anomaly ||= usage.anomaly;
}
