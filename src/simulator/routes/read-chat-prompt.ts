import { readableText } from '../count-tokens.ts';
import { asList, asNumber, asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import {
  cacheImplicitly,
  contentText,
  lastText,
  type Prompt,
  readStops,
  trailing,
} from '../prompt.ts';
import { readOpenAiSchema, readOpenAiToolChoice, readOpenAiTools } from './openai-tools.ts';
import { requireList, requireText } from './require-field.ts';

/** The API's own limit. */
const MAX_CHOICES = 128;

/** The prompt of a Chat Completions request. */
export function readChatPrompt(body: JsonObject): Prompt {
  const model = requireText(body, 'model');
  const messages = asObjects(requireList(body, 'messages'));
  const tools = asList(body['tools']).map((tool) => JSON.stringify(tool));
  const effort = asText(body['reasoning_effort']);
  const results = trailing(messages, ({ role }) => role === 'tool');
  return {
    model,
    stream: body['stream'] === true,
    parts: cacheImplicitly([...tools, ...messages.map(readableText)]),
    userText: lastText(messages.filter(({ role }) => role === 'user').map(textOf)),
    toolResults: results.map(textOf),
    tools: readOpenAiTools(body),
    toolChoice: readOpenAiToolChoice(body),
    reasoning: effort === '' || effort === 'none' ? 'off' : 'shown',
    // The newer name wins where both are sent.
    maxTokens:
      asNumber(body['max_completion_tokens'] ?? body['max_tokens']) ?? Number.POSITIVE_INFINITY,
    stops: readStops(body['stop']),
    answerSchema: readOpenAiSchema(asObject(body['response_format'])),
    choices: Math.min(Math.max(1, asNumber(body['n']) ?? 1), MAX_CHOICES),
  };
}

function textOf(message: JsonObject): string {
  return contentText(message['content']);
}
