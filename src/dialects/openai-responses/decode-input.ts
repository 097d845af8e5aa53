import type { ReasoningBlock, Tool, ToolResultBlock } from '../ir/chat-request.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { invalidField, requireText } from '../read-fields.ts';
import { openSignature } from '../reasoning-envelope.ts';
import { decodeAnswer, decodeContent } from './decode-content.ts';
import { decodeTools } from './decode-tools.ts';
import type { FlatNames } from './flat-names.ts';
import { onlyNative, optionalObjects } from './read-wire.ts';
import { readReasoningItem } from './reasoning-state.ts';
import { readServerTool } from './server-tool-items.ts';
import type { ToolList } from './tool-list.ts';
import { decodeSearchCall, decodeSearchResult, isClientSearch } from './tool-search.ts';
import type { TurnBuilder } from './turn-builder.ts';

/** The parts that the items of an input are read into. */
export interface InputReading {
  turns: TurnBuilder;
  /** The input can declare tools too. */
  tools: ToolList;
  names: FlatNames;
  /** Tag of the family whose own reasoning items may be in the history. */
  family: string;
}

interface ItemReading extends InputReading {
  /** Ids of the model's calls of the client's tool search. */
  searches: Set<string>;
}

/** Reads the input; a string is one user message. */
export function decodeInput(input: unknown, reading: InputReading): void {
  if (typeof input === 'string') {
    reading.turns.say(decodeContent(input, 'input'));
    return;
  }
  const itemReading = { ...reading, searches: new Set<string>() };
  for (const [index, item] of optionalObjects(input, 'input').entries()) {
    const path = `input[${index}]`;
    const type = asText(item['type']) ?? 'message';
    if (NATIVE_ITEMS.has(type)) throw onlyNative(path);
    const decode = ITEMS[type];
    if (decode === undefined) throw invalidField(`${path}.type`, `unknown item type \`${type}\``);
    decode(item, path, itemReading);
  }
}

/** Items of tools and state that no other API has, nor any text for. */
const NATIVE_ITEMS = new Set([
  'apply_patch_call',
  'apply_patch_call_output',
  'compaction',
  'compaction_trigger',
  'computer_call',
  'computer_call_output',
  'configuration_update',
  'file_search_call',
  'item_reference',
  'local_shell_call',
  'local_shell_call_output',
  'mcp_approval_request',
  'mcp_approval_response',
  'mcp_call',
  'mcp_list_tools',
  'program',
  'program_output',
  'shell_call',
  'shell_call_output',
]);

type ItemDecoder = (item: JsonObject, path: string, reading: ItemReading) => void;

const ITEMS: Readonly<Record<string, ItemDecoder>> = {
  message: decodeMessage,
  reasoning: (item, _path, { turns, family }) => turns.answer(decodeReasoning(item, family)),
  function_call: addCall,
  custom_tool_call: addCall,
  function_call_output: (item, path, { turns }) => turns.give(decodeResult(item, path)),
  custom_tool_call_output: (item, path, { turns }) => turns.give(decodeResult(item, path)),
  web_search_call: decodeServerTool,
  code_interpreter_call: decodeServerTool,
  image_generation_call: decodeImage,
  additional_tools: (item, path, reading) => {
    addTools(item, path, reading);
  },
  tool_search_call: addSearch,
  tool_search_output: addFound,
};

/**
 * Tools that came in mid-conversation. Codex declares some at the top too, and what is declared last
 * counts; what a search found is as it was declared already.
 * https://github.com/router-for-me/CLIProxyAPI/issues/4788
 */
function addTools(item: JsonObject, path: string, { tools, names }: ItemReading): Tool[] {
  const added = decodeTools(item['tools'], { path: `${path}.tools`, names });
  if (item['type'] === 'additional_tools') tools.redeclare(added);
  else added.forEach(tools.addNew);
  return added;
}

/** A search that the API ran itself is of no use elsewhere; the tools that it found are. */
function addSearch(item: JsonObject, path: string, { turns, names, searches }: ItemReading): void {
  if (!isClientSearch(item)) return;
  const call = decodeSearchCall(item, path, names);
  searches.add(call.id);
  turns.answer(call);
}

function addFound(item: JsonObject, path: string, reading: ItemReading): void {
  const found = addTools(item, path, reading);
  const callId = asText(item['call_id']);
  if (callId === undefined || !reading.searches.has(callId)) return;
  reading.turns.give(decodeSearchResult(callId, found));
}

function decodeMessage(item: JsonObject, path: string, { turns }: ItemReading): void {
  const { role, content } = item;
  const place = `${path}.content`;
  switch (role) {
    case 'user':
      turns.say(decodeContent(content, place));
      return;
    case 'assistant':
      turns.answer(...decodeAnswer(content, place));
      return;
    case 'system':
    case 'developer':
      turns.instruct(decodeContent(content, place).map((block) => instruction(block, place)));
      return;
    default:
      throw invalidField(`${path}.role`, `unknown role \`${String(role)}\``);
  }
}

function instruction(block: ReturnType<typeof decodeContent>[number], path: string) {
  if (block.type !== 'text') throw onlyNative(path);
  return block;
}

/** Reasoning of another provider is in its envelope, with the summary that the client was shown. */
function decodeReasoning(item: JsonObject, family: string): ReasoningBlock {
  const { raw, summary, state } = readReasoningItem(item, family);
  const envelope = openSignature(asText(item['encrypted_content']) ?? '');
  const isRaw = summary === '' && raw !== '';
  return {
    type: 'reasoning',
    text: isRaw ? raw : summary,
    kind: envelope?.kind === 'redacted' ? 'redacted' : isRaw ? 'raw' : 'summary',
    signature: envelope ?? state,
  };
}

function addCall(item: JsonObject, path: string, { turns, names }: ItemReading): void {
  const isCustom = item['type'] === 'custom_tool_call';
  const member = isCustom ? 'input' : 'arguments';
  const name = requireText(item['name'], `${path}.name`);
  turns.answer({
    type: 'tool_call',
    id: requireText(item['call_id'], `${path}.call_id`),
    name: names.flatten(asText(item['namespace']), name),
    arguments: requireText(item[member], `${path}.${member}`),
    kind: isCustom ? 'custom' : 'function',
    signature: undefined,
    cache: undefined,
  });
}

function decodeResult(item: JsonObject, path: string): ToolResultBlock {
  return {
    type: 'tool_result',
    callId: requireText(item['call_id'], `${path}.call_id`),
    name: undefined,
    content: decodeContent(item['output'], `${path}.output`),
    isError: false,
    cache: undefined,
  };
}

function decodeServerTool(item: JsonObject, _path: string, { turns }: ItemReading): void {
  const block = readServerTool(item);
  if (block !== null) turns.answer(block);
}

/** Without a result there is no picture: its making failed, or was cut short. */
function decodeImage(item: JsonObject, path: string, { turns }: ItemReading): void {
  if (item['result'] == null) return;
  const base64 = requireText(item['result'], `${path}.result`);
  turns.answer({
    type: 'image',
    source: { kind: 'base64', mime: undefined, base64 },
    detail: undefined,
    cache: undefined,
  });
}
