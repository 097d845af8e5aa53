import type { FunctionTool, Tool, ToolCallBlock, ToolResultBlock } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asObject, asText, isObject, type JsonObject } from '../json-object.ts';
import { requireText } from '../read-fields.ts';
import type { FlatNames } from './flat-names.ts';

// A client that searches its own tools declares `tool_search`, is called, and returns the tools that it found.
// For APIs with functions only, the search is a function. A search that the API itself would run cannot be
// translated: its tools are all declared at once.
// https://platform.openai.com/docs/guides/tools-tool-search

const TYPE = 'tool_search';

/** True for a tool, call or output of a search that the client runs itself. */
export function isClientSearch(item: JsonObject): boolean {
  return item['execution'] === 'client';
}

/** The search as a function. */
export function decodeSearchTool(tool: JsonObject, names: FlatNames): FunctionTool {
  const { parameters } = tool;
  return {
    type: 'function',
    name: names.flatten(undefined, TYPE),
    findsTools: true,
    description: asText(tool['description']),
    parameters: isObject(parameters) ? parameters : undefined,
    strict: false,
    cache: undefined,
    hints: [],
  };
}

/** A call of the search in the history. */
export function decodeSearchCall(item: JsonObject, path: string, names: FlatNames): ToolCallBlock {
  return {
    type: 'tool_call',
    id: requireText(item['call_id'], `${path}.call_id`),
    name: names.flatten(undefined, TYPE),
    arguments: JSON.stringify(asObject(item['arguments'])),
    kind: 'function',
    signature: undefined,
    cache: undefined,
  };
}

/** The result of the search, with the names under which the found tools are declared now. */
export function decodeSearchResult(callId: string, found: readonly Tool[]): ToolResultBlock {
  const names = found.flatMap((tool) => ('name' in tool ? tool.name : []));
  const text =
    names.length === 0
      ? 'No tools were found.'
      : `These tools can be called now: ${names.join(', ')}.`;
  return {
    type: 'tool_result',
    callId,
    name: undefined,
    content: [textBlock(text)],
    isError: false,
    cache: undefined,
  };
}

/** The arguments of the search as an object; empty if the model wrote malformed ones. */
export function searchArguments(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}
