import type {
  ChatRequest,
  CustomTool,
  FunctionTool,
  NativeTool,
  ServerTool,
  Tool,
  ToolChoice,
} from '../ir/chat-request.ts';
import { leaveOutTools } from '../ir/leave-out-tools.ts';
import type { JsonObject } from '../json-object.ts';
import { invalidField } from '../read-fields.ts';
import { cleanSchema, objectRoot } from '../schema/clean-schema.ts';
import { encodeMark } from './encode-content.ts';
import type { RequestContext } from './request-context.ts';

/** Names of the provider's own tools. */
const SERVER_NAMES: Readonly<Record<ServerTool['tool'], string>> = {
  web_search: 'web_search',
  web_fetch: 'web_fetch',
  code: 'code_execution',
};

/** The tools and the tool choice. */
export interface EncodedTools {
  tools: JsonObject[];
  /** Undefined if it need not be sent. */
  choice: JsonObject | undefined;
}

/** Writes the tools; throws 400 for those that this API has no counterpart for. */
export function encodeTools(request: ChatRequest, context: RequestContext): EncodedTools {
  const served = leaveOutTools(request, context.losses, (tool) => isServed(tool, context));
  const offered = offeredTools({ ...request, tools: served });
  const places = new Map(request.tools.map((tool, place) => [tool, place]));
  const tools = offered.map((tool) => encodeTool(tool, `tools[${places.get(tool)}]`, context));
  if (tools.length === 0) return toolsOfHistory(request, context);
  return { tools, choice: encodeChoice(request, context) };
}

/** If the choice is limited to some tools, only those are offered. */
function offeredTools({ tools, toolChoice }: ChatRequest): Tool[] {
  if (toolChoice?.mode !== 'allowed') return tools;
  const names = new Set(toolChoice.names);
  const declared = new Set(tools.map((tool) => 'name' in tool && tool.name));
  const unknown = toolChoice.names.find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw invalidField('tool_choice', `the tool \`${unknown}\` is not declared`);
  }
  return tools.filter((tool) => 'name' in tool && names.has(tool.name));
}

/** Declares the tools of calls in the history, which the API requires even if none may be called again. */
function toolsOfHistory({ turns }: ChatRequest, { names }: RequestContext): EncodedTools {
  const called = turns.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'tool_call' ? names.fit(block.name) : [])),
  );
  const tools = [...new Set(called)].map((name) => ({
    name,
    input_schema: { type: 'object', additionalProperties: true },
  }));
  return { tools, choice: tools.length === 0 ? undefined : { type: 'none' } };
}

function encodeTool(tool: Tool, path: string, context: RequestContext): JsonObject {
  switch (tool.type) {
    case 'function':
      return encodeFunction(tool, path, context);
    case 'custom':
      return encodeCustom(tool, path, context);
    case 'server':
      return encodeServer(tool, path, context);
    case 'native':
      throw context.refuse(`${path}.type: ${tool.word}`);
  }
}

function encodeFunction(tool: FunctionTool, path: string, context: RequestContext): JsonObject {
  for (const hint of tool.hints) context.losses.drop('dropped', hint);
  const { schema, isStrict } = encodeParameters(tool, path, context);
  return {
    name: context.names.fit(tool.name),
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: schema,
    ...(isStrict && { strict: true }),
    ...encodeMark(tool.cache),
  };
}

/** Strict only if the schema is strict by this API's rules too; never stricter than the client asked. */
function encodeParameters(
  { parameters, strict }: FunctionTool,
  path: string,
  { caps, losses, refuse }: RequestContext,
): { schema: JsonObject; isStrict: boolean } {
  if (parameters === undefined) {
    return { schema: { type: 'object', properties: {} }, isStrict: false };
  }
  const root = objectRoot(parameters);
  if (root === null) throw refuse(`${path}.parameters`);
  if (strict === true && caps.structured_outputs) {
    const cleaned = cleanSchema(root, 'anthropic-strict');
    if (cleaned.fitsStrict) return { schema: cleaned.schema, isStrict: true };
  }
  if (strict === true) losses.drop('dropped', `${path}.strict`);
  return { schema: cleanSchema(root, 'anthropic').schema, isStrict: false };
}

function encodeCustom(tool: CustomTool, path: string, context: RequestContext): JsonObject {
  const hasFormat = tool.format !== undefined && tool.format !== null;
  if (hasFormat) context.losses.drop('emulated', `${path}.format`);
  const format = hasFormat ? `The input has this format: ${JSON.stringify(tool.format)}` : '';
  const description = [tool.description ?? '', format].filter((text) => text !== '').join('\n\n');
  return {
    name: context.names.fit(tool.name),
    ...(description !== '' && { description }),
    input_schema: {
      type: 'object',
      properties: { input: { type: 'string' } },
      required: ['input'],
    },
  };
}

function isServed(tool: ServerTool | NativeTool, { caps }: RequestContext): boolean {
  if (tool.type === 'native') return false;
  if (tool.native.dialect === 'anthropic-messages') return true;
  return tool.tool === 'code' ? caps.code_execution : caps.web_search;
}

function encodeServer(tool: ServerTool, path: string, context: RequestContext): JsonObject {
  const { losses, refuse } = context;
  if (!isServed(tool, context)) throw refuse(path);
  if (tool.native.dialect === 'anthropic-messages') return tool.native.raw as JsonObject;
  if (tool.contextSize !== undefined) losses.drop('dropped', `${path}.search_context_size`);
  const name = SERVER_NAMES[tool.tool];
  if (tool.tool === 'code') return { type: 'code_execution_20250825', name };
  return {
    type: tool.tool === 'web_search' ? 'web_search_20250305' : 'web_fetch_20250910',
    name,
    ...(tool.maxUses !== undefined && { max_uses: tool.maxUses }),
    ...encodeDomains(tool),
    ...(tool.userLocation !== undefined && {
      user_location: { ...tool.userLocation, type: 'approximate' },
    }),
  };
}

/** The API takes one of the two lists, not both. */
function encodeDomains({ allowedDomains, blockedDomains }: ServerTool): JsonObject {
  if (allowedDomains !== undefined) return { allowed_domains: allowedDomains };
  return blockedDomains === undefined ? {} : { blocked_domains: blockedDomains };
}

function encodeChoice(
  { toolChoice, parallelToolCalls }: ChatRequest,
  { names }: RequestContext,
): JsonObject | undefined {
  const isSerial = parallelToolCalls === false;
  if (toolChoice === undefined && !isSerial) return undefined;
  const choice = writeChoice(toolChoice ?? { mode: 'auto' }, names);
  return isSerial && choice['type'] !== 'none'
    ? { ...choice, disable_parallel_tool_use: true }
    : choice;
}

function writeChoice(choice: ToolChoice, names: RequestContext['names']): JsonObject {
  switch (choice.mode) {
    case 'auto':
    case 'none':
      return { type: choice.mode };
    case 'required':
      return { type: 'any' };
    case 'named':
      return { type: 'tool', name: names.fit(choice.name) };
    case 'allowed':
      return { type: choice.required ? 'any' : 'auto' };
    case 'server':
      return { type: 'tool', name: SERVER_NAMES[choice.tool] };
  }
}
