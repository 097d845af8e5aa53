import type { FunctionTool, ServerTool, Tool, ToolChoice } from '../ir/chat-request.ts';
import { asObject, asText, asTexts, isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireText } from '../read-fields.ts';
import { decodeSchema } from './read-schema.ts';
import { enumWord, GOOGLE, member, optionalObjects } from './read-wire.ts';

type ReadTool = (tool: JsonObject, path: string) => Tool[];

/** Readers by member: an entry of `tools` may have several. */
const READERS: Readonly<Record<string, ReadTool>> = {
  functionDeclarations: (tool, path) =>
    optionalObjects(member(tool, 'functionDeclarations'), path).map((declaration, index) =>
      decodeFunction(declaration, `${path}[${index}]`),
    ),
  googleSearch: (tool) => [decodeServerTool('web_search', tool, 'googleSearch')],
  googleSearchRetrieval: (tool) => [decodeServerTool('web_search', tool, 'googleSearchRetrieval')],
  codeExecution: (tool) => [decodeServerTool('code', tool, 'codeExecution')],
  urlContext: (tool) => [decodeServerTool('web_fetch', tool, 'urlContext')],
};

/** Members of a declaration that only say how its results are used. */
const HINTS = ['behavior', 'response', 'responseJsonSchema'];

/** The tools of a request, of every kind. */
export function decodeTools(tools: unknown): Tool[] {
  return optionalObjects(tools, 'tools').flatMap((tool, index) =>
    Object.keys(tool).flatMap((key) => decodeEntry(tool, key, `tools[${index}]`)),
  );
}

function decodeEntry(tool: JsonObject, key: string, path: string): Tool[] {
  if (tool[key] === null) return [];
  const word = key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  const read = Object.hasOwn(READERS, word) ? READERS[word] : undefined;
  if (read !== undefined) return read(tool, `${path}.${key}`);
  return [{ type: 'native', word, native: { dialect: GOOGLE, raw: { [key]: tool[key] } } }];
}

function decodeFunction(declaration: JsonObject, path: string): FunctionTool {
  const schema = member(declaration, 'parametersJsonSchema') ?? declaration['parameters'];
  return {
    type: 'function',
    name: requireText(declaration['name'], `${path}.name`),
    description: asText(declaration['description']),
    parameters: isObject(schema) ? decodeSchema(schema) : undefined,
    strict: undefined,
    cache: undefined,
    hints: HINTS.filter((hint) => member(declaration, hint) !== undefined).map(
      (hint) => `${path}.${hint}`,
    ),
  };
}

function decodeServerTool(tool: ServerTool['tool'], entry: JsonObject, key: string): ServerTool {
  const settings = member(entry, key);
  return {
    type: 'server',
    tool,
    allowedDomains: undefined,
    blockedDomains: asTexts(member(asObject(settings), 'excludeDomains')),
    maxUses: undefined,
    userLocation: undefined,
    contextSize: undefined,
    native: { dialect: GOOGLE, raw: { [key]: settings } },
  };
}

/** Which functions the model may or must call; undefined where the client said nothing. */
export function decodeToolChoice(toolConfig: unknown): ToolChoice | undefined {
  const config = asObject(member(asObject(toolConfig), 'functionCallingConfig'));
  const names = asTexts(member(config, 'allowedFunctionNames')) ?? [];
  const [first, ...others] = names;
  const mode = enumWord(config['mode']);
  switch (mode) {
    case undefined:
      return undefined;
    case 'AUTO':
      return { mode: 'auto' };
    case 'NONE':
      return { mode: 'none' };
    // The model may answer with text; its calls must match their declaration.
    case 'VALIDATED':
      return first === undefined ? { mode: 'auto' } : { mode: 'allowed', required: false, names };
    case 'ANY':
      if (first === undefined) return { mode: 'required' };
      return others.length === 0
        ? { mode: 'named', name: first, kind: 'function' }
        : { mode: 'allowed', required: true, names };
    default:
      throw invalidField('toolConfig.functionCallingConfig.mode', `unknown mode \`${mode}\``);
  }
}
