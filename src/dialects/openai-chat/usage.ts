import type { TokenUsage } from '../../core/token-usage.ts';
import { asObject, asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { PROMPT_AND_COMPLETION, readOpenAiTokens } from '../openai-tokens.ts';
import { addUnits } from '../usage-builder.ts';

/** The members of an answer that readChatUsage needs. */
export const chatUsageMembers = ['usage', 'service_tier'] as const;

/** Usage of a chat completion, or of any answer with the same `usage` and `service_tier`. */
export function readChatUsage(answer: unknown): TokenUsage | null {
  const { usage: report, service_tier: tier } = asObject(answer);
  const counts = asObject(report);
  const usage = readOpenAiTokens(counts, PROMPT_AND_COMPLETION);
  if (usage === null) return null;
  usage.tier = asText(tier);
  // https://openrouter.ai/docs/guides/features/plugins/web-search
  addUnits(usage, 'webSearch', asObject(counts['server_tool_use_details'])['web_search_requests']);
  return usage;
}

/** The usage object of an answer or a chunk, wherever the server puts it. */
export function findChatUsage(event: JsonObject): unknown {
  if (isObject(event['usage'])) return event['usage'];
  // https://console.groq.com/docs/api-reference#chat-create
  const groq = asObject(event['x_groq'])['usage'];
  // Moonshot reports inside the choice: https://github.com/earendil-works/pi/issues/2017
  return groq ?? asObjects(event['choices'])[0]?.['usage'];
}

/** The error that an answer or a chunk reports instead of content; undefined for none. */
export function findChatError(event: JsonObject): unknown {
  // vLLM's shape: https://github.com/block/goose/pull/8031
  if (event['object'] === 'error') return event;
  // OpenRouter's, where one choice failed: https://openrouter.ai/docs/api/reference/errors-and-debugging
  const choice = asObjects(event['choices']).find(({ error }) => isObject(error));
  const { error } = event;
  // As in whole answers, only an object or a text tells of one.
  return isObject(error) || asText(error) !== undefined ? error : choice?.['error'];
}
