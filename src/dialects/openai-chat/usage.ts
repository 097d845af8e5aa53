import type { TokenUsage } from '../../core/token-usage.ts';
import { asObject, asText } from '../json-object.ts';
import { readOpenAiTokens } from '../openai-tokens.ts';
import { addUnits } from '../usage-builder.ts';

/** The members of an answer that readChatUsage needs. */
export const chatUsageMembers = ['usage', 'service_tier'] as const;

/** Usage of a chat completion, or of anything with `usage` and `service_tier` like one. */
export function readChatUsage(answer: unknown): TokenUsage | null {
  const { usage: report, service_tier: tier } = asObject(answer);
  const counts = asObject(report);
  const usage = readOpenAiTokens(counts, { input: 'prompt', output: 'completion' });
  if (usage === null) return null;
  usage.tier = asText(tier);
  // https://openrouter.ai/docs/guides/features/plugins/web-search
  addUnits(usage, 'webSearch', asObject(counts['server_tool_use_details'])['web_search_requests']);
  return usage;
}
