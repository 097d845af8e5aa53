import type { FunctionTool, ServerTool, Tool, ToolChoice } from '../ir/chat-request.ts';
import { asObject, asText, isObject, type JsonObject } from '../json-object.ts';
import {
  asBoolean,
  asTexts,
  invalidField,
  onlyNative,
  RESPONSES,
  requireObjects,
  requireText,
} from './read-wire.ts';
import { flattenName } from './tool-namespaces.ts';

/** Members of a tool that only tell how it is to be loaded or called. */
const HINTS = ['defer_loading', 'allowed_callers', 'output_schema'];

/** Types of the hosted tools that other APIs have too; some carry their version as a date. */
const HOSTED: readonly (readonly [type: RegExp, tool: ServerTool['tool']])[] = [
  [/^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/, 'web_search'],
  [/^code_interpreter$/, 'code'],
];

/**
 * The tools of a list, those in namespaces among them; kinds that only the Responses API has stay as
 * they are.
 */
export function decodeTools(tools: unknown, path = 'tools'): Tool[] {
  return requireObjects(tools, path).flatMap((tool, index) => {
    const place = `${path}[${index}]`;
    return tool['type'] === 'namespace' ? decodeNamespace(tool, place) : decodeTool(tool, place);
  });
}

/** What a namespace says of its tools stands before what each says of itself. */
function decodeNamespace(group: JsonObject, path: string): Tool[] {
  const namespace = requireText(group['name'], `${path}.name`);
  const about = asText(group['description']) ?? '';
  return decodeTools(group['tools'], `${path}.tools`).map((tool) => {
    if (tool.type !== 'function' && tool.type !== 'custom') return tool;
    const words = [about, tool.description ?? ''].filter((text) => text !== '');
    return {
      ...tool,
      name: flattenName(namespace, tool.name),
      member: { namespace, name: tool.name },
      description: words.length === 0 ? undefined : words.join('\n\n'),
    };
  });
}

function decodeTool(tool: JsonObject, path: string): Tool {
  const type = requireText(tool['type'], `${path}.type`);
  if (type === 'function') return decodeFunction(tool, path);
  if (type === 'custom') {
    return {
      type,
      name: requireText(tool['name'], `${path}.name`),
      description: asText(tool['description']),
      format: tool['format'],
    };
  }
  const native = { dialect: RESPONSES, raw: tool } as const;
  const hosted = hostedTool(type);
  return hosted === undefined
    ? { type: 'native', word: type, native }
    : { ...decodeHosted(tool, path), type: 'server', tool: hosted, native };
}

/** The schema is strict by default here, and other APIs are not told so: none would check it. */
function decodeFunction(tool: JsonObject, path: string): FunctionTool {
  const { parameters } = tool;
  return {
    type: 'function',
    name: requireText(tool['name'], `${path}.name`),
    description: asText(tool['description']),
    parameters: isObject(parameters) ? parameters : undefined,
    strict: asBoolean(tool['strict']),
    cache: undefined,
    hints: HINTS.filter((hint) => Boolean(tool[hint])).map((hint) => `${path}.${hint}`),
  };
}

function hostedTool(type: string): ServerTool['tool'] | undefined {
  return HOSTED.find(([pattern]) => pattern.test(type))?.[1];
}

function decodeHosted(
  tool: JsonObject,
  path: string,
): Omit<ServerTool, 'type' | 'tool' | 'native'> {
  const { container, user_location: location } = tool;
  // A container of its own holds files and state; `auto` is a new one.
  if (typeof container === 'string') throw onlyNative(`${path}.container`);
  const filters = asObject(tool['filters']);
  return {
    allowedDomains: asTexts(filters['allowed_domains']),
    blockedDomains: asTexts(filters['blocked_domains']),
    maxUses: undefined,
    userLocation: isObject(location) ? location : undefined,
    contextSize: asText(tool['search_context_size']),
  };
}

/** Which tools the model may or must call. */
export function decodeToolChoice(choice: unknown, tools: readonly Tool[]): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { mode: choice };
  const { type, name, namespace, ...rest } = asObject(choice);
  switch (type) {
    case 'function':
    case 'custom':
      return {
        mode: 'named',
        name: flattenName(asText(namespace), requireText(name, 'tool_choice.name')),
        kind: type,
      };
    case 'allowed_tools':
      return decodeAllowed(rest, tools);
    default:
      return decodeForcedHosted(type);
  }
}

function decodeForcedHosted(type: unknown): ToolChoice {
  if (typeof type !== 'string') throw invalidField('tool_choice', 'unknown choice');
  const tool = hostedTool(type);
  if (tool === undefined) throw onlyNative('tool_choice');
  return { mode: 'server', tool };
}

function decodeAllowed(choice: JsonObject, tools: readonly Tool[]): ToolChoice {
  const declared = new Set(tools.map((tool) => ('name' in tool ? tool.name : undefined)));
  const names = requireObjects(choice['tools'], 'tool_choice.tools').map((entry, index) => {
    const { name, namespace } = entry;
    const path = `tool_choice.tools[${index}]`;
    // Hosted tools have no name of their own to be allowed by.
    if (name === undefined) throw onlyNative(path);
    const known = flattenName(asText(namespace), requireText(name, `${path}.name`));
    if (!declared.has(known)) throw invalidField(path, `there is no tool \`${known}\``);
    return known;
  });
  return { mode: 'allowed', required: choice['mode'] === 'required', names };
}
