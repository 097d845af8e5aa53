import type {
  ChatRequest,
  CustomTool,
  FunctionTool,
  ServerTool,
  Tool,
} from '../ir/chat-request.ts';
import { leaveOutTools } from '../ir/leave-out-tools.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { invalidField } from '../read-fields.ts';
import { cleanSchema, objectRoot } from '../schema/clean-schema.ts';
import type { ContentTarget } from './content-target.ts';
import { GOOGLE } from './read-wire.ts';

/** Names of the provider's own tools in this API. */
const SERVER_TOOLS: Readonly<Record<ServerTool['tool'], string>> = {
  web_search: 'googleSearch',
  web_fetch: 'urlContext',
  code: 'codeExecution',
};

/** The members of a request about tools; empty without tools. */
export function encodeToolFields(request: ChatRequest, target: ContentTarget): JsonObject {
  const { tools } = request;
  // Gemini takes its own tools beside functions only if their calls are sent back to it, and clients of other
  // APIs have no place for these: https://ai.google.dev/gemini-api/docs/tool-combination
  const offered = leaveOutTools(request, target.losses, ({ native }) => native.dialect === GOOGLE);
  if (request.toolChoice?.mode === 'server') throw target.losses.refuse('tool_choice');
  const places = new Map(tools.map((tool, place) => [tool, place]));
  const pathOf = (tool: Tool) => `tools[${places.get(tool)}]`;
  const declarations = offered.flatMap((tool) => encodeDeclaration(tool, pathOf(tool), target));
  const served = offered.flatMap((tool) => encodeServed(tool, pathOf(tool), target));
  if (tools.length === 0) return declareHistory(target);
  if (request.parallelToolCalls === false) target.losses.drop('dropped', 'parallel_tool_calls');
  const calling = declarations.length === 0 ? undefined : encodeCalling(request, target);
  return {
    tools: [
      ...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []),
      ...served,
    ],
    ...(calling !== undefined && { toolConfig: { functionCallingConfig: calling } }),
  };
}

/** Declares the tools of calls in the history, which the API requires even if none may be called again. */
function declareHistory({ called, names, caps }: ContentTarget): JsonObject {
  if (called.size === 0) return {};
  const schema = caps.json_schema_tools
    ? { parametersJsonSchema: { type: 'object', additionalProperties: true } }
    : {};
  const functionDeclarations = [...new Set(called.values())].map((name) => ({
    name: names.fit(name),
    ...schema,
  }));
  return {
    tools: [{ functionDeclarations }],
    toolConfig: { functionCallingConfig: { mode: 'NONE' } },
  };
}

function encodeDeclaration(tool: Tool, path: string, target: ContentTarget): JsonObject[] {
  if (tool.type === 'function') return [encodeFunction(tool, path, target)];
  return tool.type === 'custom' ? [encodeCustom(tool, path, target)] : [];
}

function encodeFunction(tool: FunctionTool, path: string, target: ContentTarget): JsonObject {
  for (const hint of tool.hints) target.losses.drop('dropped', hint);
  if (tool.cache !== undefined) target.losses.drop('dropped', 'cache_control');
  return {
    name: target.names.fit(tool.name),
    ...(tool.description !== undefined && { description: tool.description }),
    ...encodeParameters(tool.parameters, path, target),
  };
}

/** Without parameters there is no schema: older models refuse an empty object. */
function encodeParameters(
  parameters: JsonObject | undefined,
  path: string,
  target: ContentTarget,
): JsonObject {
  if (parameters === undefined) return {};
  const root = objectRoot(parameters);
  if (root === null) throw target.losses.refuse(`${path}.parameters`);
  if (Object.keys(root['properties'] ?? {}).length === 0 && !isOpen(root)) return {};
  return target.caps.json_schema_tools
    ? { parametersJsonSchema: cleanSchema(root, 'google-json').schema }
    : { parameters: cleanSchema(root, 'google-openapi').schema };
}

/** True for an object with members of undeclared names. */
function isOpen({ additionalProperties }: JsonObject): boolean {
  return additionalProperties !== undefined && additionalProperties !== false;
}

function encodeCustom(tool: CustomTool, path: string, target: ContentTarget): JsonObject {
  const { type = 'text' } = asObject(tool.format);
  const hasFormat = type !== 'text';
  if (hasFormat) target.losses.drop('emulated', `${path}.format`);
  const format = hasFormat ? `The input has this format: ${JSON.stringify(tool.format)}` : '';
  const description = [tool.description ?? '', format].filter((text) => text !== '').join('\n\n');
  const parameters = {
    type: 'object',
    properties: { input: { type: 'string' } },
    required: ['input'],
  };
  return {
    name: target.names.fit(tool.name),
    ...(description !== '' && { description }),
    ...encodeParameters(parameters, path, target),
  };
}

function encodeServed(tool: Tool, path: string, target: ContentTarget): JsonObject[] {
  if (tool.type === 'native') {
    if (tool.native.dialect !== GOOGLE) throw target.losses.refuse(`${path}.type: ${tool.word}`);
    return [tool.native.raw as JsonObject];
  }
  return tool.type === 'server' ? [encodeServerTool(tool, path, target)] : [];
}

/** A tool of the provider is never written as a function. */
function encodeServerTool(tool: ServerTool, path: string, target: ContentTarget): JsonObject {
  const { caps, losses } = target;
  if (tool.native.dialect === GOOGLE) return tool.native.raw as JsonObject;
  if (!(tool.tool === 'code' ? caps.code_execution : caps.web_search)) throw losses.refuse(path);
  const settings = {
    allowed_domains: tool.allowedDomains,
    blocked_domains: tool.blockedDomains,
    max_uses: tool.maxUses,
    user_location: tool.userLocation,
    search_context_size: tool.contextSize,
  };
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined) losses.drop('dropped', `${path}.${name}`);
  }
  return { [SERVER_TOOLS[tool.tool]]: {} };
}

/** The calling mode; `VALIDATED` leaves the choice to the model and holds calls to their schemas. */
function encodeCalling(
  { toolChoice, tools }: ChatRequest,
  target: ContentTarget,
): JsonObject | undefined {
  const limitTo = (names: readonly string[], limited: 'ANY' | 'VALIDATED') => ({
    mode: limited,
    allowedFunctionNames: fitDeclared(names, tools, target),
  });
  const isStrict = tools.some((tool) => tool.type === 'function' && tool.strict === true);
  const mode = isStrict && target.caps.json_schema_tools ? 'VALIDATED' : 'AUTO';
  switch (toolChoice?.mode) {
    case undefined:
      return mode === 'VALIDATED' ? { mode } : undefined;
    case 'auto':
      return { mode };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'server':
      return undefined;
    case 'named':
      return limitTo([toolChoice.name], 'ANY');
    case 'allowed':
      return limitTo(toolChoice.names, toolChoice.required ? 'ANY' : 'VALIDATED');
  }
}

function fitDeclared(
  allowed: readonly string[],
  tools: readonly Tool[],
  { names }: ContentTarget,
): string[] {
  const declared = new Set(tools.map((tool) => 'name' in tool && tool.name));
  return allowed.map((name) => {
    if (declared.has(name)) return names.fit(name);
    throw invalidField('tool_choice', `the tool \`${name}\` is not declared`);
  });
}
