import type { EncodeTarget } from '../dialect.ts';
import type {
  ChatRequest,
  CustomTool,
  FunctionTool,
  ServerTool,
  Tool,
  ToolChoice,
} from '../ir/chat-request.ts';
import { customNames } from '../ir/custom-names.ts';
import { leaveOutTools } from '../ir/leave-out-tools.ts';
import { asObject, type JsonObject, mergeKnown } from '../json-object.ts';
import { cleanSchema } from '../schema/clean-schema.ts';
import type { MessageTarget } from './encode-assistant.ts';

/** The members of a request about tools; empty without tools to choose from. */
export function encodeTools(request: ChatRequest, target: MessageTarget): JsonObject {
  const members: JsonObject = {};
  const served = leaveOutTools(
    request,
    target.losses,
    (tool) => tool.type === 'server' && isServed(tool, target),
  );
  const places = new Map(request.tools.map((tool, place) => [tool, place]));
  const tools = served.flatMap((tool) => encodeTool(tool, places.get(tool) ?? 0, target));
  if (tools.length > 0) {
    const choice = request.toolChoice && encodeChoice(request.toolChoice, request.tools, target);
    mergeKnown(members, {
      tools,
      tool_choice: choice,
      parallel_tool_calls: request.parallelToolCalls,
    });
  }
  const search = served.find((tool) => tool.type === 'server');
  if (search) members['web_search_options'] = encodeWebSearch(search, target);
  return members;
}

function encodeTool(tool: Tool, index: number, target: MessageTarget): JsonObject[] {
  switch (tool.type) {
    case 'function':
      return [{ type: 'function', function: encodeFunction(tool, index, target) }];
    case 'custom':
      return [encodeCustom(tool, target)];
    case 'server':
      if (isServed(tool, target)) return [];
      throw target.losses.refuse(`tools[${index}]`);
    case 'native':
      throw target.losses.refuse(`tools[${index}].${tool.word}`);
  }
}

function isServed({ tool }: ServerTool, { caps }: MessageTarget): boolean {
  return tool === 'web_search' && caps.web_search;
}

function encodeFunction(
  tool: FunctionTool,
  index: number,
  { names, losses }: MessageTarget,
): JsonObject {
  for (const hint of tool.hints) losses.drop('dropped', hint);
  if (tool.cache !== undefined) losses.drop('dropped', `tools[${index}].cache_control`);
  const fn: JsonObject = { name: names.fit(tool.name) };
  const { description, parameters } = tool;
  mergeKnown(fn, { description });
  if (parameters === undefined) return fn;
  const strict = tool.strict === true ? cleanSchema(parameters, 'openai-strict') : null;
  if (strict?.fitsStrict) return { ...fn, parameters: strict.schema, strict: true };
  if (strict) losses.drop('dropped', `tools[${index}].strict`);
  return { ...fn, parameters: cleanSchema(parameters, 'openai').schema };
}

/** A custom tool takes free text; if only functions are known, that text is the function's only argument. */
function encodeCustom(tool: CustomTool, { caps, names, losses }: MessageTarget): JsonObject {
  const { description, format } = tool;
  const name = names.fit(tool.name);
  if (caps.custom_tools) {
    const custom: JsonObject = { name };
    mergeKnown(custom, { description, format: encodeFormat(asObject(format)) });
    return { type: 'custom', custom };
  }
  const { definition } = asObject(format);
  if (definition !== undefined) losses.drop('described', 'tools.format');
  const lines = [description, definition && `The input follows this grammar:\n${definition}`];
  return {
    type: 'function',
    function: {
      name,
      description: lines.filter(Boolean).join('\n\n'),
      parameters: {
        type: 'object',
        properties: { input: { type: 'string' } },
        required: ['input'],
      },
    },
  };
}

/** A grammar is nested one object deeper here than in the Responses API, whose form is the neutral one. */
function encodeFormat(format: JsonObject): JsonObject | undefined {
  const { type, ...grammar } = format;
  if (type === undefined) return undefined;
  return type === 'grammar' ? { type, grammar } : format;
}

function encodeWebSearch(tool: ServerTool, { losses }: EncodeTarget): JsonObject {
  const { allowedDomains, blockedDomains, maxUses, userLocation, contextSize } = tool;
  for (const [field, value] of Object.entries({ allowedDomains, blockedDomains, maxUses })) {
    if (value !== undefined) losses.drop('dropped', `web_search.${SEARCH_FIELDS[field]}`);
  }
  const options: JsonObject = {};
  mergeKnown(options, { search_context_size: contextSize });
  if (userLocation === undefined) return options;
  const { type: _type, ...approximate } = userLocation;
  return { ...options, user_location: { type: 'approximate', approximate } };
}

const SEARCH_FIELDS: Readonly<Record<string, string>> = {
  allowedDomains: 'allowed_domains',
  blockedDomains: 'blocked_domains',
  maxUses: 'max_uses',
};

function encodeChoice(
  choice: ToolChoice,
  tools: readonly Tool[],
  target: MessageTarget,
): string | JsonObject {
  const custom = customNames(tools);
  switch (choice.mode) {
    case 'named':
      return nameTool(choice.name, custom, target);
    case 'allowed':
      return {
        type: 'allowed_tools',
        allowed_tools: {
          mode: choice.required ? 'required' : 'auto',
          tools: choice.names.map((name) => nameTool(name, custom, target)),
        },
      };
    case 'server':
      throw target.losses.refuse('tool_choice');
    default:
      return choice.mode;
  }
}

function nameTool(
  name: string,
  custom: ReadonlySet<string>,
  { caps, names }: MessageTarget,
): JsonObject {
  const type = custom.has(name) && caps.custom_tools ? 'custom' : 'function';
  return { type, [type]: { name: names.fit(name) } };
}
