import type { EncodeTarget } from '../dialect.ts';
import type {
  ChatRequest,
  FunctionTool,
  NativeTool,
  ServerTool,
  Tool,
  ToolChoice,
} from '../ir/chat-request.ts';
import { customNames } from '../ir/custom-names.ts';
import { leaveOutTools } from '../ir/leave-out-tools.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { cleanSchema, objectRoot } from '../schema/clean-schema.ts';
import type { ToolNames } from '../tool-names.ts';
import { RESPONSES } from './read-wire.ts';

/** The upstream that the tools of a request are written for. */
export interface ToolTarget extends EncodeTarget {
  names: ToolNames;
}

/** The members of a request about tools; empty without tools, because then the API refuses them. */
export function encodeToolFields(request: ChatRequest, target: ToolTarget): JsonObject {
  const { tools, toolChoice, parallelToolCalls: parallel } = request;
  if (tools.length === 0) return {};
  const served = leaveOutTools(request, target.losses, (tool) => isServed(tool, target));
  const places = new Map(tools.map((tool, place) => [tool, place]));
  return {
    tools: served.map((tool) => encodeTool(tool, `tools[${places.get(tool)}]`, target)),
    ...(toolChoice && { tool_choice: encodeToolChoice(toolChoice, tools, target) }),
    ...(parallel !== undefined && { parallel_tool_calls: parallel }),
  };
}

function encodeTool(tool: Tool, path: string, target: ToolTarget): JsonObject {
  switch (tool.type) {
    case 'function':
      return encodeFunction(tool, path, target);
    case 'custom':
      return {
        type: 'custom',
        name: target.names.fit(tool.name),
        ...(tool.description !== undefined && { description: tool.description }),
        ...(isObject(tool.format) && { format: tool.format }),
      };
    case 'server':
      return encodeServerTool(tool, path, target);
    case 'native':
      if (tool.native.dialect === RESPONSES) return tool.native.raw as JsonObject;
      throw target.losses.refuse(`${path}.type`);
  }
}

/** `strict` and `parameters` are always sent: without them the API would make the schema strict. */
function encodeFunction(tool: FunctionTool, path: string, target: ToolTarget): JsonObject {
  for (const hint of tool.hints) target.losses.drop('dropped', hint);
  const { schema, strict } = encodeParameters(tool, path, target);
  return {
    type: 'function',
    name: target.names.fit(tool.name),
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: schema,
    strict,
  };
}

function encodeParameters(
  { parameters, strict }: FunctionTool,
  path: string,
  { losses }: ToolTarget,
): { schema: JsonObject; strict: boolean } {
  if (parameters === undefined)
    return { schema: { type: 'object', properties: {} }, strict: false };
  const root = objectRoot(parameters);
  if (root === null) throw losses.refuse(`${path}.parameters`);
  const cleaned = cleanSchema(root, strict === true ? 'openai-strict' : 'openai');
  if (cleaned.refused !== null) {
    throw losses.refuse(`${path}.parameters.${cleaned.refused}`);
  }
  if (strict !== true || cleaned.fitsStrict) {
    return { schema: cleaned.schema, strict: strict === true };
  }
  losses.drop('dropped', `${path}.strict`);
  return { schema: cleanSchema(root, 'openai').schema, strict: false };
}

function isServed(tool: ServerTool | NativeTool, { caps }: ToolTarget): boolean {
  if (tool.native.dialect === RESPONSES) return true;
  if (tool.type === 'native' || tool.tool === 'web_fetch') return false;
  return tool.tool === 'web_search' ? caps.web_search : caps.code_execution;
}

function encodeServerTool(tool: ServerTool, path: string, target: ToolTarget): JsonObject {
  const { caps, losses } = target;
  if (tool.native.dialect === RESPONSES) return tool.native.raw as JsonObject;
  if (tool.maxUses !== undefined) losses.drop('dropped', `${path}.max_uses`);
  if (tool.blockedDomains?.length) losses.drop('dropped', `${path}.blocked_domains`);
  if (tool.tool === 'web_search' && caps.web_search) return encodeWebSearch(tool);
  if (tool.tool === 'code' && caps.code_execution) {
    return { type: 'code_interpreter', container: { type: 'auto' } };
  }
  throw losses.refuse(`${path}.type`);
}

function encodeWebSearch({ allowedDomains, userLocation, contextSize }: ServerTool): JsonObject {
  return {
    type: 'web_search',
    ...(allowedDomains?.length && { filters: { allowed_domains: allowedDomains } }),
    ...(userLocation && { user_location: { type: 'approximate', ...userLocation } }),
    ...(contextSize !== undefined && { search_context_size: contextSize }),
  };
}

function encodeToolChoice(choice: ToolChoice, tools: readonly Tool[], target: ToolTarget): unknown {
  const custom = customNames(tools);
  switch (choice.mode) {
    case 'named':
      return encodeNamed(choice.name, custom, target);
    case 'allowed':
      return {
        type: 'allowed_tools',
        mode: choice.required ? 'required' : 'auto',
        tools: choice.names.map((name) => encodeNamed(name, custom, target)),
      };
    case 'server':
      return { type: forcedType(choice.tool, target) };
    default:
      return choice.mode;
  }
}

function encodeNamed(name: string, custom: ReadonlySet<string>, { names }: ToolTarget): JsonObject {
  return { type: custom.has(name) ? 'custom' : 'function', name: names.fit(name) };
}

/**
 * The type that the tool is declared with, for the API looks for it among the tools. Its SDK's types know
 * the older word alone.
 * https://github.com/raine/claude-code-proxy/issues/26
 * https://github.com/vercel/ai/blob/main/packages/openai/src/responses/openai-responses-prepare-tools.ts
 */
function forcedType(tool: ServerTool['tool'], { losses }: ToolTarget): string {
  if (tool === 'web_search') return tool;
  if (tool === 'code') return 'code_interpreter';
  throw losses.refuse('tool_choice');
}
