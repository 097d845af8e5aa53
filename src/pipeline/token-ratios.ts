import { DEFAULT_BYTES_PER_TOKEN } from '../dialects/ir/estimate-tokens.ts';

/** How many bytes of text a token of each model holds, as its reported usage shows. */
export interface TokenRatios {
  /** The bytes to count a token at: rather too few than too many. The model is watched from here on. */
  bytesPerToken(model: string): number;
  /** True for a model whose counts were asked for, and whose answers are worth measuring. */
  isWatched(model: string): boolean;
  /** Takes in what a request's text turned out to be. */
  record(model: string, textBytes: number, tokens: number): void;
}

/** Measurements that are kept of a model, the latest. */
const SAMPLES = 32;

/** Fewer may only make the estimate higher. */
const TRUSTED_SAMPLES = 3;

/** Below the least that was seen: the next text may be denser. */
const MARGIN = 0.95;

/** No tokenizer is beyond these; what is was measured wrongly. */
const LEAST = 0.5;
const MOST = 8;

/** Shorter texts say more of a model's own additions than of its tokens. */
const MIN_TOKENS = 50;

/** Clients can ask for any name that a wildcard matches. */
const MAX_MODELS = 1_000;

/** Nothing is known yet. */
export function createTokenRatios(): TokenRatios {
  const samples = new Map<string, number[]>();
  return {
    bytesPerToken(model) {
      const known = samples.get(model) ?? [];
      if (known.length === 0) {
        if (samples.size >= MAX_MODELS) samples.clear();
        samples.set(model, known);
        return DEFAULT_BYTES_PER_TOKEN;
      }
      const least = Math.min(...known) * MARGIN;
      return known.length < TRUSTED_SAMPLES ? Math.min(least, DEFAULT_BYTES_PER_TOKEN) : least;
    },
    isWatched: (model) => samples.has(model),
    record(model, textBytes, tokens) {
      const known = samples.get(model);
      if (known === undefined || tokens < MIN_TOKENS) return;
      known.push(Math.min(MOST, Math.max(LEAST, textBytes / tokens)));
      if (known.length > SAMPLES) known.shift();
    },
  };
}
