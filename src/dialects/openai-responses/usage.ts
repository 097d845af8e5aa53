import { type TokenUsage, totalInput, totalOutput } from '../../core/token-usage.ts';
import { readImageTokens } from '../image-tokens.ts';
import { asObject, asText } from '../json-object.ts';
import { INPUT_AND_OUTPUT, readOpenAiTokens } from '../openai-tokens.ts';
import { addUnits } from '../usage-builder.ts';

/** The members of a response that readResponsesUsage needs. */
export const responsesUsageMembers = ['usage', 'tool_usage', 'service_tier'] as const;

/**
 * Usage of a response of the Responses API. The usage of its tools is added to the base usage:
 * https://platform.openai.com/docs/api-reference/responses/object
 */
export function readResponsesUsage(response: unknown): TokenUsage | null {
  const { usage: report, tool_usage: tools, service_tier: tier } = asObject(response);
  const usage = readOpenAiTokens(asObject(report), INPUT_AND_OUTPUT);
  if (usage === null) return null;
  usage.tier = asText(tier);
  const { image_gen: images, web_search: search } = asObject(tools);
  addUnits(usage, 'webSearch', asObject(search)['num_requests']);
  addImageTool(usage, readImageTokens(asObject(images)));
  return usage;
}

function addImageTool(usage: TokenUsage, images: TokenUsage | null): void {
  if (images === null || totalInput(images.tokens) + totalOutput(images.tokens) === 0) return;
  usage.extra.push({ model: undefined, kind: 'image_gen', tokens: images.tokens });
  usage.anomaly ||= images.anomaly;
}
