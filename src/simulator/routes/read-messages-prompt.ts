import { readableText } from '../count-tokens.ts';
import { asNumber, asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import {
  contentText,
  lastText,
  type Prompt,
  type PromptPart,
  readStops,
  type ToolChoice,
} from '../prompt.ts';
import { requireList, requireText } from './require-field.ts';

/** The prompt of a Messages request. */
export function readMessagesPrompt(body: JsonObject): Prompt {
  const model = requireText(body, 'model');
  const messages = asObjects(requireList(body, 'messages'));
  const tools = asObjects(body['tools']);
  const users = messages.filter(({ role }) => role === 'user');
  // A turn may hold results and text; the results are what it answers.
  const results = asObjects(messages.at(-1)?.['content']).filter(isToolResult);
  return {
    model,
    stream: body['stream'] === true,
    parts: readParts(body, tools, messages),
    userText: lastText(users.map((message) => contentText(message['content']))),
    toolResults: results.map((block) => contentText(block['content'])),
    tools: tools
      .filter((tool) => tool['input_schema'] !== undefined)
      .map((tool) => ({ name: asText(tool['name']), schema: tool['input_schema'] })),
    toolChoice: readToolChoice(asObject(body['tool_choice'])),
    reasoning: readThinking(asObject(body['thinking'])),
    maxTokens: asNumber(body['max_tokens']) ?? Number.POSITIVE_INFINITY,
    stops: readStops(body['stop_sequences']),
    answerSchema: readSchema(body),
    choices: 1,
  };
}

/** Tools, system and turns block by block, since each may carry a cache mark. */
function readParts(body: JsonObject, tools: JsonObject[], messages: JsonObject[]): PromptPart[] {
  const blocks = [body['system'], ...messages.map((message) => message['content'])].flatMap(
    asBlocks,
  );
  const parts = [
    ...tools.map((tool) => toPart(tool, JSON.stringify({ ...tool, cache_control: undefined }))),
    ...blocks.map((block) => toPart(block, readableText(block))),
  ];
  const last = parts.at(-1);
  // A mark on the request itself stands for one on its last block.
  if (last !== undefined) last.cacheFor ??= cacheLife(body);
  return parts;
}

function asBlocks(content: unknown): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : asObjects(content);
}

function toPart(block: JsonObject, text: string): PromptPart {
  return { text, cacheFor: cacheLife(block) };
}

/** Five minutes, or an hour: https://docs.claude.com/en/docs/build-with-claude/prompt-caching */
function cacheLife(marked: JsonObject): PromptPart['cacheFor'] {
  const mark = asObject(marked['cache_control']);
  if (mark['type'] !== 'ephemeral') return null;
  return mark['ttl'] === '1h' ? '1h' : '5m';
}

function isToolResult(block: JsonObject): boolean {
  return block['type'] === 'tool_result';
}

function readToolChoice(choice: JsonObject): ToolChoice {
  const parallel = choice['disable_parallel_tool_use'] !== true;
  switch (choice['type']) {
    case 'none':
      return { mode: 'none', only: null, parallel };
    case 'any':
      return { mode: 'required', only: null, parallel };
    case 'tool':
      return { mode: 'required', only: [asText(choice['name'])], parallel };
    default:
      return { mode: 'auto', only: null, parallel };
  }
}

/** https://docs.claude.com/en/docs/build-with-claude/adaptive-thinking */
function readThinking(thinking: JsonObject): Prompt['reasoning'] {
  if (thinking['type'] !== 'enabled' && thinking['type'] !== 'adaptive') return 'off';
  return thinking['display'] === 'omitted' ? 'hidden' : 'shown';
}

/**
 * `output_format` is the older name:
 * https://docs.claude.com/en/docs/build-with-claude/structured-outputs
 */
function readSchema(body: JsonObject): unknown {
  const format = asObject(asObject(body['output_config'])['format'] ?? body['output_format']);
  return format['type'] === 'json_schema' ? (format['schema'] ?? {}) : null;
}
