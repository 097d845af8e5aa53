import type {
  FunctionTool,
  NamespaceMember,
  ServerTool,
  Tool,
  ToolChoice,
} from '../ir/chat-request.ts';
import { asBoolean, asObject, asText, asTexts, isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireText } from '../read-fields.ts';
import type { FlatNames } from './flat-names.ts';
import { onlyNative, optionalObjects, RESPONSES } from './read-wire.ts';
import { decodeSearchTool, isClientSearch } from './tool-search.ts';

/** Members of a tool that only say how it is loaded or called. */
const HINTS = ['defer_loading', 'allowed_callers', 'output_schema'];

/** Types of the hosted tools that other APIs have too; some carry their version as a date. */
const HOSTED: readonly (readonly [type: RegExp, tool: ServerTool['tool']])[] = [
  [/^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/, 'web_search'],
  [/^code_interpreter$/, 'code'],
];

/** The path of a list of tools, and the names of all tools. */
interface ToolPlace {
  path: string;
  names: FlatNames;
  namespace?: string;
}

/** The tools of a list, including those in namespaces; kinds that only the Responses API has stay as they are. */
export function decodeTools(tools: unknown, place: ToolPlace): Tool[] {
  return optionalObjects(tools, place.path).flatMap((tool, index) => {
    const at = { ...place, path: `${place.path}[${index}]` };
    return tool['type'] === 'namespace' ? decodeNamespace(tool, at) : decodeTool(tool, at);
  });
}

/** The description of a namespace is put before that of each of its tools. */
function decodeNamespace(group: JsonObject, { path, names }: ToolPlace): Tool[] {
  const namespace = requireText(group['name'], `${path}.name`);
  const about = asText(group['description']) ?? '';
  return decodeTools(group['tools'], { path: `${path}.tools`, names, namespace }).map((tool) => {
    if (tool.type !== 'function' && tool.type !== 'custom') return tool;
    const words = [about, tool.description ?? ''].filter((text) => text !== '');
    return { ...tool, description: words.length === 0 ? undefined : words.join('\n\n') };
  });
}

function decodeTool(tool: JsonObject, place: ToolPlace): Tool {
  const { path } = place;
  const type = requireText(tool['type'], `${path}.type`);
  if (type === 'function') return decodeFunction(tool, place);
  if (type === 'custom') {
    return {
      type,
      ...nameTool(tool, place),
      description: asText(tool['description']),
      format: tool['format'],
    };
  }
  if (type === 'tool_search' && isClientSearch(tool)) return decodeSearchTool(tool, place.names);
  const native = { dialect: RESPONSES, raw: tool } as const;
  const hosted = hostedTool(type);
  return hosted === undefined
    ? { type: 'native', word: type, native }
    : { ...decodeHosted(tool, path), type: 'server', tool: hosted, native };
}

/** The tool's unique name, and the client's own name if it differs. */
function nameTool(
  tool: JsonObject,
  { path, names, namespace }: ToolPlace,
): { name: string; member?: NamespaceMember } {
  const name = requireText(tool['name'], `${path}.name`);
  const flat = names.flatten(namespace, name);
  if (namespace !== undefined) return { name: flat, member: { namespace, name } };
  return flat === name ? { name } : { name: flat, member: { name } };
}

/** Schemas are strict by default in this API; other APIs are not told, because they would not enforce it. */
function decodeFunction(tool: JsonObject, place: ToolPlace): FunctionTool {
  const { parameters } = tool;
  return {
    type: 'function',
    ...nameTool(tool, place),
    description: asText(tool['description']),
    parameters: isObject(parameters) ? parameters : undefined,
    strict: asBoolean(tool['strict']),
    cache: undefined,
    hints: HINTS.filter((hint) => Boolean(tool[hint])).map((hint) => `${place.path}.${hint}`),
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
  // A named container holds files and state; `auto` is a new one.
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
export function decodeToolChoice(
  choice: unknown,
  tools: readonly Tool[],
  names: FlatNames,
): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { mode: choice };
  const { type, name, namespace, ...rest } = asObject(choice);
  switch (type) {
    case 'function':
    case 'custom':
      return {
        mode: 'named',
        name: names.flatten(asText(namespace), requireText(name, 'tool_choice.name')),
        kind: type,
      };
    case 'allowed_tools':
      return decodeAllowed(rest, tools, names);
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

function decodeAllowed(
  choice: JsonObject,
  tools: readonly Tool[],
  flatNames: FlatNames,
): ToolChoice {
  const declared = new Set(tools.map((tool) => ('name' in tool ? tool.name : undefined)));
  const names = optionalObjects(choice['tools'], 'tool_choice.tools').map((entry, index) => {
    const { name, namespace } = entry;
    const path = `tool_choice.tools[${index}]`;
    // Hosted tools have no name that could be allowed.
    if (name === undefined) throw onlyNative(path);
    const known = flatNames.flatten(asText(namespace), requireText(name, `${path}.name`));
    if (!declared.has(known)) throw invalidField(path, `the tool \`${known}\` is not declared`);
    return known;
  });
  return { mode: 'allowed', required: choice['mode'] === 'required', names };
}
