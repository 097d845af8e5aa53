import type { CustomTool, FunctionTool, ServerTool, Tool, ToolChoice } from '../ir/chat-request.ts';
import { asObject, asText, isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireObject, requireObjects, requireText } from '../read-fields.ts';
import { optionalObject, readCacheMark } from './read-wire.ts';

/** The tools of a request: declared ones, the older `functions`, and web search. */
export function decodeTools(body: JsonObject): Tool[] {
  const tools = requireObjects(body['tools'] ?? [], 'tools').map(decodeTool);
  const functions = requireObjects(body['functions'] ?? [], 'functions').map((fn, index) =>
    decodeFunction(fn, `functions[${index}]`),
  );
  const search = body['web_search_options'];
  return [...tools, ...functions, ...(isObject(search) ? [decodeWebSearch(search)] : [])];
}

function decodeTool(tool: JsonObject, index: number): Tool {
  const path = `tools[${index}]`;
  switch (tool['type']) {
    case 'function':
      return {
        ...decodeFunction(requireObject(tool['function'], `${path}.function`), `${path}.function`),
        cache: readCacheMark(tool),
        hints: tool['defer_loading'] === undefined ? [] : [`${path}.defer_loading`],
      };
    case 'custom':
      return decodeCustom(requireObject(tool['custom'], `${path}.custom`), `${path}.custom`);
    default:
      return {
        type: 'native',
        word: requireText(tool['type'], `${path}.type`),
        native: { dialect: 'openai-chat', raw: tool },
      };
  }
}

/** In this dialect a tool is strict only if it says so. */
function decodeFunction(fn: JsonObject, path: string): FunctionTool {
  return {
    type: 'function',
    name: requireText(fn['name'], `${path}.name`),
    description: asText(fn['description']),
    parameters: optionalObject(fn['parameters'], `${path}.parameters`),
    strict: fn['strict'] === true,
    cache: undefined,
    hints: [],
  };
}

function decodeCustom(custom: JsonObject, path: string): CustomTool {
  return {
    type: 'custom',
    name: requireText(custom['name'], `${path}.name`),
    description: asText(custom['description']),
    format: readFormat(asObject(custom['format'])),
  };
}

/** A grammar is nested one object deeper here than in the Responses API, whose form is the neutral one. */
function readFormat(format: JsonObject): unknown {
  const { type, grammar } = format;
  if (type === undefined) return undefined;
  return isObject(grammar) ? { type, ...grammar } : format;
}

function decodeWebSearch(options: JsonObject): ServerTool {
  const location = options['user_location'];
  return {
    type: 'server',
    tool: 'web_search',
    allowedDomains: undefined,
    blockedDomains: undefined,
    maxUses: undefined,
    userLocation: isObject(location)
      ? { type: 'approximate', ...asObject(location['approximate']) }
      : undefined,
    contextSize: asText(options['search_context_size']),
    native: { dialect: 'openai-chat', raw: options },
  };
}

/** The tool choice; undefined if the client left it to the model. */
export function decodeToolChoice(body: JsonObject, tools: readonly Tool[]): ToolChoice | undefined {
  const { tool_choice: choice, function_call: legacy } = body;
  if (choice !== undefined && choice !== null) return readChoice(choice, tools);
  if (legacy === undefined || legacy === null) return undefined;
  if (isObject(legacy)) return named(legacy, 'function', 'function_call');
  return readMode(legacy, 'function_call');
}

function readChoice(choice: unknown, tools: readonly Tool[]): ToolChoice {
  if (!isObject(choice)) return readMode(choice, 'tool_choice');
  const { type } = choice;
  if (type === 'function' || type === 'custom') {
    const path = `tool_choice.${type}`;
    return named(requireObject(choice[type], path), type, path);
  }
  if (type === 'allowed_tools') {
    const path = 'tool_choice.allowed_tools';
    return readAllowed(requireObject(choice[type], path), path, tools);
  }
  throw invalidField('tool_choice.type', `unknown choice \`${String(type)}\``);
}

function readMode(mode: unknown, path: string): ToolChoice {
  if (mode === 'auto' || mode === 'none' || mode === 'required') return { mode };
  throw invalidField(path, 'expected `auto`, `none`, `required` or an object');
}

function named(tool: JsonObject, kind: 'function' | 'custom', path: string): ToolChoice {
  return { mode: 'named', name: requireText(tool['name'], `${path}.name`), kind };
}

function readAllowed(allowed: JsonObject, path: string, tools: readonly Tool[]): ToolChoice {
  const declared = new Set(tools.map((tool) => 'name' in tool && tool.name));
  const names = requireObjects(allowed['tools'], `${path}.tools`).map((tool, index) => {
    const toolPath = `${path}.tools[${index}]`;
    const name = requireText(asObject(tool[String(tool['type'])])['name'], `${toolPath}.name`);
    if (!declared.has(name)) throw invalidField(toolPath, `the tool \`${name}\` is not declared`);
    return name;
  });
  return { mode: 'allowed', required: allowed['mode'] === 'required', names };
}
