import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import type { PromptTool, ToolChoice } from '../prompt.ts';

/** The functions of a request; Chat Completions wraps each in `function`, Responses does not. */
export function readOpenAiTools(body: JsonObject): PromptTool[] {
  return asObjects(body['tools'])
    .filter((tool) => tool['type'] === 'function')
    .map(unwrapFunction)
    .map((tool) => ({ name: asText(tool['name']), schema: tool['parameters'] }));
}

/** `tool_choice` in either of OpenAI's forms, with `parallel_tool_calls`. */
export function readOpenAiToolChoice(body: JsonObject): ToolChoice {
  const parallel = body['parallel_tool_calls'] !== false;
  const word = body['tool_choice'];
  if (word === 'none' || word === 'required') return { mode: word, only: null, parallel };
  const choice = asObject(word);
  if (choice['type'] === 'function') {
    return { mode: 'required', only: [asText(unwrapFunction(choice)['name'])], parallel };
  }
  if (choice['type'] !== 'allowed_tools') return { mode: 'auto', only: null, parallel };
  const allowed = asObject(choice['allowed_tools'] ?? choice);
  const only = asObjects(allowed['tools']).map((tool) => asText(unwrapFunction(tool)['name']));
  return { mode: allowed['mode'] === 'required' ? 'required' : 'auto', only, parallel };
}

/** The schema of `response_format` or `text.format`: null for text, empty for any JSON object. */
export function readOpenAiSchema(format: JsonObject): unknown {
  if (format['type'] === 'json_object') return {};
  if (format['type'] !== 'json_schema') return null;
  return format['schema'] ?? asObject(format['json_schema'])['schema'] ?? {};
}

function unwrapFunction(tool: JsonObject): JsonObject {
  return asObject(tool['function'] ?? tool);
}
