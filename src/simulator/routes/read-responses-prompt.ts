import { readableText } from '../count-tokens.ts';
import { asList, asNumber, asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { cacheImplicitly, contentText, lastText, type Prompt, trailing } from '../prompt.ts';
import { readOpenAiSchema, readOpenAiToolChoice, readOpenAiTools } from './openai-tools.ts';
import { requireText, requireValue } from './require-field.ts';

/** The prompt of a Responses request. */
export function readResponsesPrompt(body: JsonObject): Prompt {
  const model = requireText(body, 'model');
  const items = readItems(requireValue(body, 'input'));
  const tools = asList(body['tools']).map((tool) => JSON.stringify(tool));
  const effort = asText(asObject(body['reasoning'])['effort']);
  // Outputs of custom and hosted tools end in the same word.
  const results = trailing(items, ({ type }) => asText(type).endsWith('_call_output'));
  const userItems = items.filter(({ role }) => role === 'user');
  return {
    model,
    stream: body['stream'] === true,
    parts: cacheImplicitly([...tools, asText(body['instructions']), ...items.map(readableText)]),
    userText: lastText(userItems.map((item) => contentText(item['content']))),
    toolResults: results.map((item) => contentText(item['output'])),
    tools: readOpenAiTools(body),
    toolChoice: readOpenAiToolChoice(body),
    reasoning: effort === '' || effort === 'none' ? 'off' : 'shown',
    maxTokens: asNumber(body['max_output_tokens']) ?? Number.POSITIVE_INFINITY,
    stops: [],
    answerSchema: readOpenAiSchema(asObject(asObject(body['text'])['format'])),
    choices: 1,
  };
}

/** A text as input is short for one message of the user. */
function readItems(input: unknown): JsonObject[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : asObjects(input);
}
