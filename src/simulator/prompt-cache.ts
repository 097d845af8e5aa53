import { createHash, type Hash } from 'node:crypto';
import { createTokenUsage, type TokenUsage } from '../core/token-usage.ts';
import { countTokens } from './count-tokens.ts';
import type { CacheLife, PromptPart } from './prompt.ts';

/** Shorter prefixes are not cached: https://platform.openai.com/docs/guides/prompt-caching */
const MIN_CACHED_TOKENS = 1024;

/** Enough for a day of demos, and a few megabytes at most. */
const MAX_PREFIXES = 10_000;

/** Remembers which prefixes of prompts this simulator has seen. */
export interface PromptCache {
  /**
   * The input side of the usage: the longest prefix that an earlier request marked is read from the
   * cache, what this one marks beyond it is written (an implicit mark writes for free), the rest is
   * plain input. Only prefixes of at least 1,024 tokens count.
   */
  read(model: string, parts: readonly PromptPart[]): TokenUsage;
}

/** The beginning of a prompt, up to the end of one part. */
interface Prefix {
  digest: string;
  tokens: number;
  cacheFor: CacheLife | null;
}

/** An empty cache; it forgets its oldest prefix when it holds 10,000. */
export function createPromptCache(): PromptCache {
  const seen = new Set<string>();

  const remember = (digest: string): void => {
    seen.add(digest);
    const [oldest] = seen;
    if (seen.size > MAX_PREFIXES && oldest !== undefined) seen.delete(oldest);
  };

  return {
    read(model, parts) {
      const usage = createTokenUsage();
      const prefixes = cacheablePrefixes(model, parts);
      const known = prefixes.findLast(({ digest }) => seen.has(digest));
      let cached = known?.tokens ?? 0;
      usage.tokens.cacheReadText = cached;
      for (const { digest, tokens, cacheFor } of prefixes) {
        if (cacheFor === null) continue;
        remember(digest);
        if (tokens <= cached || cacheFor === 'implicit') continue;
        usage.tokens[cacheFor === '1h' ? 'cacheWrite1h' : 'cacheWrite5m'] += tokens - cached;
        cached = tokens;
      }
      usage.tokens.inText = countParts(parts) - cached;
      return usage;
    },
  };
}

/** Tokens of a whole prompt. */
export function countParts(parts: readonly PromptPart[]): number {
  return parts.reduce((sum, { text }) => sum + countTokens(text), 0);
}

/** Every prefix that is long enough and not longer than the last one marked. */
function cacheablePrefixes(model: string, parts: readonly PromptPart[]): Prefix[] {
  const lastMarked = parts.findLastIndex(({ cacheFor }) => cacheFor !== null);
  const marked = parts.slice(0, lastMarked + 1);
  if (countParts(marked) < MIN_CACHED_TOKENS) return [];
  const hash = hashPart(createHash('sha256'), model);
  let tokens = 0;
  return marked
    .map(({ text, cacheFor }) => {
      tokens += countTokens(text);
      return { digest: hashPart(hash, text).copy().digest('base64'), tokens, cacheFor };
    })
    .filter((prefix) => prefix.tokens >= MIN_CACHED_TOKENS);
}

function hashPart(hash: Hash, text: string): Hash {
  // The length separates parts, so that the same bytes cut differently have different hashes.
  return hash.update(`${text.length}:`).update(text);
}
