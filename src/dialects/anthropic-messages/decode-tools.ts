import type {
  ChatRequest,
  FunctionTool,
  ServerTool,
  Tool,
  ToolChoice,
} from '../ir/chat-request.ts';
import { asNumber, asObject, asText, asTexts, isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireObject, requireObjects, requireText } from '../read-fields.ts';
import { knownTool } from './client-tools.ts';
import { readCacheMark } from './read-wire.ts';

/** Members of a tool that only say how it is loaded or shown. */
const HINTS = ['defer_loading', 'allowed_callers', 'input_examples', 'eager_input_streaming'];

/** Prefixes of the types of server tools; the date behind them is the version. */
const SERVER_TOOLS: readonly (readonly [prefix: string, tool: ServerTool['tool']])[] = [
  ['web_search_', 'web_search'],
  ['web_fetch_', 'web_fetch'],
  ['code_execution_', 'code'],
];

/** The tools of a request, of every kind. */
export function decodeTools(tools: unknown): Tool[] {
  if (tools === undefined || tools === null) return [];
  return requireObjects(tools, 'tools').map((tool, index) => decodeTool(tool, `tools[${index}]`));
}

/** One tool, wherever in the body it is defined. */
export function decodeTool(tool: JsonObject, path: string): Tool {
  const type = asText(tool['type']) ?? 'custom';
  if (type === 'custom') return decodeFunction(tool, path);
  const known = knownTool(type);
  if (known !== undefined) {
    const { description, parameters } = known;
    return decodeFunction({ description, input_schema: parameters, ...tool }, path);
  }
  const native = { dialect: 'anthropic-messages' as const, raw: tool };
  const server = SERVER_TOOLS.find(([prefix]) => type.startsWith(prefix))?.[1];
  if (server === undefined) return { type: 'native', word: type, native };
  return {
    type: 'server',
    tool: server,
    allowedDomains: asTexts(tool['allowed_domains']),
    blockedDomains: asTexts(tool['blocked_domains']),
    maxUses: asNumber(tool['max_uses']),
    userLocation: isObject(tool['user_location']) ? tool['user_location'] : undefined,
    contextSize: undefined,
    native,
  };
}

function decodeFunction(tool: JsonObject, path: string): FunctionTool {
  const { input_schema: schema, strict } = tool;
  return {
    type: 'function',
    name: requireText(tool['name'], `${path}.name`),
    description: asText(tool['description']),
    parameters: isObject(schema) ? schema : undefined,
    strict: typeof strict === 'boolean' ? strict : undefined,
    cache: readCacheMark(tool['cache_control']),
    hints: HINTS.filter((hint) => Boolean(tool[hint])).map((hint) => `${path}.${hint}`),
  };
}

/** Which tools the model may or must call, and whether it may call several at once. */
export function decodeToolChoice(
  choice: unknown,
  tools: readonly Tool[],
): Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'> {
  if (choice === undefined || choice === null) {
    return { toolChoice: undefined, parallelToolCalls: undefined };
  }
  const { disable_parallel_tool_use: isSerial } = requireObject(choice, 'tool_choice');
  return {
    toolChoice: readChoice(asObject(choice), tools),
    parallelToolCalls: isSerial === true ? false : undefined,
  };
}

function readChoice(choice: JsonObject, tools: readonly Tool[]): ToolChoice {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { mode: choice['type'] };
    case 'any':
      return { mode: 'required' };
    case 'tool': {
      const name = requireText(choice['name'], 'tool_choice.name');
      const server = tools.find(
        (tool): tool is ServerTool =>
          tool.type === 'server' && asObject(tool.native.raw)['name'] === name,
      );
      if (server !== undefined) return { mode: 'server', tool: server.tool };
      return { mode: 'named', name, kind: 'function' };
    }
    default:
      throw invalidField('tool_choice.type', `unknown choice \`${String(choice['type'])}\``);
  }
}
