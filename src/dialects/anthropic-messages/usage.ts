import { createTokenCounts, TOKEN_BUCKETS, type TokenUsage } from '../../core/token-usage.ts';
import { asObject, asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { addUnits, createUsageBuilder, reportsAny } from '../usage-builder.ts';

/** The members of a message that readMessageUsage needs. */
export const messageUsageMembers = ['usage'] as const;

const COUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
] as const;

/** Kinds of iterations that the message's own counts leave out, and kinds that they may include. */
const EXTRA_KINDS: readonly string[] = ['compaction', 'advisor_message'];
const ALL_KINDS: readonly string[] = [...EXTRA_KINDS, 'message', 'fallback_message'];

/** Usage of a message of the Anthropic Messages API. */
export function readMessageUsage(message: unknown): TokenUsage | null {
  const { usage: report } = asObject(message);
  if (!isObject(report) || !reportsAny(report, COUNTS)) return null;
  const usage = readTokens(report);
  usage.tier = report['speed'] === 'fast' ? 'fast' : asText(report['service_tier']);
  const serverTools = asObject(report['server_tool_use']);
  addUnits(usage, 'webSearch', serverTools['web_search_requests']);
  addUnits(usage, 'webFetch', serverTools['web_fetch_requests']);
  billIterations(usage, asObjects(report['iterations']));
  return usage;
}

/** Cached input is not part of `input_tokens`; thinking is part of `output_tokens`. */
function readTokens(report: JsonObject): TokenUsage {
  const { usage, count, allot } = createUsageBuilder();
  const { tokens } = usage;
  tokens.inText = count(report['input_tokens']);
  tokens.cacheReadText = count(report['cache_read_input_tokens']);
  const lifetimes = asObject(report['cache_creation']);
  const written1h = count(lifetimes['ephemeral_1h_input_tokens']);
  const written5m = count(lifetimes['ephemeral_5m_input_tokens']);
  const written = report['cache_creation_input_tokens'] ?? written1h + written5m;
  allot(
    count(written),
    [
      ['cacheWrite1h', written1h],
      ['cacheWrite5m', written5m],
    ],
    // Writes without a known lifetime count as the default one.
    'cacheWrite5m',
  );
  const thinking = count(asObject(report['output_tokens_details'])['thinking_tokens']);
  allot(count(report['output_tokens']), [['reasoning', thinking]], 'outText');
  return usage;
}

/**
 * Adds usage of the beta `iterations` list that the message's own counts leave out. Compactions and advisors
 * are never in those counts; and where a fallback model answered, they cover only its attempt, so the list is
 * the bill. An attempt that was declined before any output may be free, which the list does not say.
 * https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 */
function billIterations(usage: TokenUsage, iterations: readonly JsonObject[]): void {
  const served = iterations.find((entry) => entry['type'] === 'fallback_message');
  const requestedModel = iterations.find((entry) => entry['type'] === 'message')?.['model'];
  if (served !== undefined) usage.tokens = createTokenCounts();

  const billed = served === undefined ? EXTRA_KINDS : ALL_KINDS;
  for (const entry of iterations) {
    const { type, model } = entry;
    if (typeof type !== 'string' || !billed.includes(type)) continue;
    const { tokens, anomaly } = readTokens(entry);
    usage.anomaly ||= anomaly;
    const isOwn = type === 'message' && model === requestedModel && model !== served?.['model'];
    if (isOwn) addTokens(usage.tokens, tokens);
    else usage.extra.push({ model: asText(model), kind: type, tokens });
  }
}

function addTokens(sum: TokenUsage['tokens'], tokens: TokenUsage['tokens']): void {
  for (const bucket of TOKEN_BUCKETS) sum[bucket] += tokens[bucket];
}
