import {
  CACHE_WRITE_BUCKETS,
  sumTokens,
  type TokenBucket,
  type TokenUsage,
  totalInput,
  totalOutput,
} from '../../core/token-usage.ts';
import type { JsonObject } from '../json-object.ts';

type Buckets = readonly TokenBucket[];

/** The buckets of each modality; tokens written to a cache are text of the prompt. */
const FRESH: Readonly<Record<string, Buckets>> = {
  TEXT: ['inText', ...CACHE_WRITE_BUCKETS],
  IMAGE: ['inImage'],
  AUDIO: ['inAudio'],
  VIDEO: ['inVideo'],
  DOCUMENT: ['inDocument'],
};
const READ: Readonly<Record<string, Buckets>> = {
  TEXT: ['cacheReadText'],
  IMAGE: ['cacheReadImage'],
  AUDIO: ['cacheReadAudio'],
  VIDEO: ['cacheReadVideo'],
  DOCUMENT: ['cacheReadDocument'],
};
const OUT: Readonly<Record<string, Buckets>> = {
  TEXT: ['outText'],
  IMAGE: ['outImage'],
  AUDIO: ['outAudio'],
  VIDEO: ['outVideo'],
};

const PROMPT = Object.fromEntries(
  Object.entries(FRESH).map(([modality, buckets]) => [
    modality,
    [...buckets, ...(READ[modality] ?? [])],
  ]),
);

/**
 * The `usageMetadata` of an answer: the prompt includes tokens read from a cache, thoughts are counted beside
 * the candidates. Counts of zero are left out, as Google does.
 */
export function encodeUsage({ tokens }: TokenUsage, tier: string | undefined): JsonObject {
  const sum = (groups: Readonly<Record<string, Buckets>>) =>
    sumTokens(tokens, Object.values(groups).flat());
  const details = (groups: Readonly<Record<string, Buckets>>) =>
    Object.entries(groups)
      .map(([modality, buckets]) => ({ modality, tokenCount: sumTokens(tokens, buckets) }))
      .filter(({ tokenCount }) => tokenCount > 0);
  const counts = {
    promptTokenCount: sum(PROMPT),
    cachedContentTokenCount: sum(READ),
    toolUsePromptTokenCount: tokens.toolPrompt,
    candidatesTokenCount: sum(OUT),
    thoughtsTokenCount: tokens.reasoning,
    totalTokenCount: totalInput(tokens) + totalOutput(tokens),
  };
  const lists = {
    promptTokensDetails: details(PROMPT),
    cacheTokensDetails: details(READ),
    candidatesTokensDetails: details(OUT),
  };
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(tier !== undefined && { serviceTier: tier === 'default' ? 'standard' : tier }),
  };
}
