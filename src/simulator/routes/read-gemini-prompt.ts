import { readableText } from '../count-tokens.ts';
import { asList, asNumber, asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import {
  cacheImplicitly,
  contentText,
  lastText,
  type Prompt,
  type PromptTool,
  readStops,
  type ToolChoice,
} from '../prompt.ts';
import { requireValue } from './require-field.ts';

/** The prompt of a generateContent request; fields may be written in camelCase or snake_case. */
export function readGeminiPrompt(body: JsonObject, model: string): Prompt {
  const contents = readContents(requireValue(body, 'contents'));
  const system = member(body, 'systemInstruction');
  const config = asObject(member(body, 'generationConfig'));
  const users = contents.filter(({ role }) => role !== 'model');
  const tools = asList(body['tools']).map((tool) => JSON.stringify(tool));
  return {
    model,
    stream: false,
    parts: cacheImplicitly([...tools, readableText(system), ...contents.map(readableText)]),
    userText: lastText(users.map((content) => contentText(content['parts']))),
    toolResults: readToolResults(contents.at(-1)),
    tools: readTools(body),
    toolChoice: readToolChoice(body),
    reasoning: readThinking(asObject(member(config, 'thinkingConfig'))),
    maxTokens: asNumber(member(config, 'maxOutputTokens')) ?? Number.POSITIVE_INFINITY,
    stops: readStops(member(config, 'stopSequences')),
    answerSchema: readSchema(config),
    choices: asNumber(member(config, 'candidateCount')) ?? 1,
  };
}

/** A text as contents, or one content outside a list, is short for one turn of the user. */
function readContents(contents: unknown): JsonObject[] {
  if (typeof contents === 'string') return [{ role: 'user', parts: [{ text: contents }] }];
  return Array.isArray(contents) ? asObjects(contents) : [asObject(contents)];
}

/** A result is an object; its `output` alone is quoted where there is one. */
function readToolResults(content: JsonObject | undefined): string[] {
  return asObjects(content?.['parts'])
    .map((part) => asObject(member(part, 'functionResponse')))
    .filter(({ name }) => name !== undefined)
    .map(({ response }) => asText(asObject(response)['output']) || JSON.stringify(response));
}

function readTools(body: JsonObject): PromptTool[] {
  return asObjects(body['tools'])
    .flatMap((tool) => asObjects(member(tool, 'functionDeclarations')))
    .map((declaration) => ({
      name: asText(declaration['name']),
      schema: member(declaration, 'parametersJsonSchema') ?? declaration['parameters'],
    }));
}

function readToolChoice(body: JsonObject): ToolChoice {
  const config = asObject(member(asObject(member(body, 'toolConfig')), 'functionCallingConfig'));
  const names = asList(member(config, 'allowedFunctionNames')).map(asText);
  const only = names.length > 0 ? names : null;
  if (config['mode'] === 'NONE') return { mode: 'none', only, parallel: true };
  return { mode: config['mode'] === 'ANY' ? 'required' : 'auto', only, parallel: true };
}

/** Thoughts are shown on demand, and a budget of zero turns them off: https://ai.google.dev/gemini-api/docs/thinking */
function readThinking(config: JsonObject): Prompt['reasoning'] {
  const isOff = Object.keys(config).length === 0 || member(config, 'thinkingBudget') === 0;
  if (isOff) return 'off';
  return member(config, 'includeThoughts') === true ? 'shown' : 'hidden';
}

/** Without a schema any JSON object will do. */
function readSchema(config: JsonObject): unknown {
  if (member(config, 'responseMimeType') !== 'application/json') return null;
  return member(config, 'responseJsonSchema') ?? member(config, 'responseSchema') ?? {};
}

/** The member of that name, in Google's JSON form or in its proto form. */
function member(object: JsonObject, name: string): unknown {
  return object[name] ?? object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}
