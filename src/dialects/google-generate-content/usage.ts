import type { TokenBucket, TokenUsage } from '../../core/token-usage.ts';
import { asObject, asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { createUsageBuilder, reportsAny, type Share, type UsageBuilder } from '../usage-builder.ts';

/** The members of an answer that readGenerateUsage needs. */
export const generateUsageMembers = ['usageMetadata'] as const;

const COUNTS = [
  'promptTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'toolUsePromptTokenCount',
  'totalTokenCount',
] as const;

/** Modalities other than text; the rest of a total is text: https://ai.google.dev/api/generate-content#Modality */
const MODALITIES = ['IMAGE', 'AUDIO', 'VIDEO', 'DOCUMENT'] as const;

type Modality = (typeof MODALITIES)[number];

const IN: Record<Modality, TokenBucket> = {
  IMAGE: 'inImage',
  AUDIO: 'inAudio',
  VIDEO: 'inVideo',
  DOCUMENT: 'inDocument',
};
const CACHE_READ: Record<Modality, TokenBucket> = {
  IMAGE: 'cacheReadImage',
  AUDIO: 'cacheReadAudio',
  VIDEO: 'cacheReadVideo',
  DOCUMENT: 'cacheReadDocument',
};
const OUT: Record<Modality, TokenBucket> = {
  IMAGE: 'outImage',
  AUDIO: 'outAudio',
  VIDEO: 'outVideo',
  DOCUMENT: 'outText',
};

/** Usage of a Gemini answer, or of anything with `usageMetadata` like one. */
export function readGenerateUsage(answer: unknown): TokenUsage | null {
  const { usageMetadata: report } = asObject(answer);
  if (!isObject(report) || !reportsAny(report, COUNTS)) return null;
  const builder = createUsageBuilder();
  allotPrompt(builder, report);
  allotOutput(builder, report);
  builder.usage.tokens.toolPrompt = builder.count(report['toolUsePromptTokenCount']);
  builder.usage.tier = asText(report['serviceTier']);
  return builder.usage;
}

/** The prompt includes tokens read from the cache, in total and in each modality. */
function allotPrompt(builder: UsageBuilder, report: JsonObject): void {
  const { count, allot } = builder;
  const prompt = count(report['promptTokenCount']);
  const reportedCache = count(report['cachedContentTokenCount']);
  const cached = Math.min(reportedCache, prompt);
  if (cached < reportedCache) builder.usage.anomaly = true;
  const promptBy = readModalities(builder, report['promptTokensDetails']);
  const cachedBy = readModalities(builder, report['cacheTokensDetails']);
  const fresh = (modality: Modality) => Math.max(promptBy[modality] - cachedBy[modality], 0);
  allot(
    cached,
    sharesOf(CACHE_READ, (modality) => cachedBy[modality]),
    'cacheReadText',
  );
  allot(prompt - cached, sharesOf(IN, fresh), 'inText');
}

function allotOutput(builder: UsageBuilder, report: JsonObject): void {
  const { count, allot } = builder;
  const outBy = readModalities(builder, report['candidatesTokensDetails']);
  builder.usage.tokens.reasoning = count(report['thoughtsTokenCount']);
  allot(
    readVisible(builder, report),
    sharesOf(OUT, (modality) => outBy[modality]),
    'outText',
  );
}

/**
 * Output tokens without thoughts. The docs say that thoughts are counted beside the candidates, but some
 * endpoints count them inside; the total shows which: https://github.com/simonw/llm-gemini/issues/75
 */
function readVisible({ usage, count }: UsageBuilder, report: JsonObject): number {
  const candidates = count(report['candidatesTokenCount']);
  const thoughts = count(report['thoughtsTokenCount']);
  const total = count(report['totalTokenCount']);
  const input = count(report['promptTokenCount']) + count(report['toolUsePromptTokenCount']);
  const output = total - input;
  if (total === 0 || output === candidates + thoughts) return candidates;
  if (output >= thoughts) return output - thoughts;
  usage.anomaly = true;
  return candidates;
}

function readModalities({ count }: UsageBuilder, details: unknown): Record<Modality, number> {
  const tokens = { IMAGE: 0, AUDIO: 0, VIDEO: 0, DOCUMENT: 0 };
  for (const { modality, tokenCount } of asObjects(details)) {
    const known = MODALITIES.find((name) => name === modality);
    if (known !== undefined) tokens[known] += count(tokenCount);
  }
  return tokens;
}

function sharesOf(
  buckets: Record<Modality, TokenBucket>,
  tokens: (modality: Modality) => number,
): Share[] {
  return MODALITIES.map((modality) => [buckets[modality], tokens(modality)]);
}
