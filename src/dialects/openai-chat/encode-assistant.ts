import type { EncodeTarget } from '../dialect.ts';
import type { Block, DocumentBlock, MediaBlock, ToolCallBlock } from '../ir/chat-request.ts';
import { describeServerTool } from '../ir/describe-server-tool.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { belongsTo } from '../reasoning-envelope.ts';
import { fitToolId } from '../tool-ids.ts';
import { encodeCustomInput } from '../tool-input.ts';
import type { ToolNames } from '../tool-names.ts';
import { encodePart } from './encode-content.ts';
import { restoreDetails } from './reasoning-details.ts';

/** The upstream that a conversation is written for, with facts of the conversation. */
export interface MessageTarget extends EncodeTarget {
  names: ToolNames;
}

/** A turn's blocks by the member that holds them; the order between members is lost. */
interface AssistantMessage {
  texts: string[];
  refusals: string[];
  calls: JsonObject[];
  thoughts: string[];
  details: JsonObject[];
  /** Google's state for the call that follows it. */
  thoughtSignature: string | undefined;
}

/** The message of an assistant's turn. */
export function encodeAssistant(blocks: readonly Block[], target: MessageTarget): JsonObject {
  const { texts, refusals, calls, thoughts, details } = sortBlocks(blocks, target);
  const content = texts.join('');
  const isElsewhere = content === '' && calls.length + refusals.length > 0;
  const message: JsonObject = { role: 'assistant', content: isElsewhere ? null : content };
  if (refusals.length > 0) message['refusal'] = refusals.join('');
  if (calls.length > 0) message['tool_calls'] = calls;
  if (thoughts.length > 0 && target.caps.reasoning_content_input) {
    message['reasoning_content'] = thoughts.join('');
  }
  if (details.length > 0) message['reasoning_details'] = details;
  return message;
}

function sortBlocks(blocks: readonly Block[], target: MessageTarget): AssistantMessage {
  const message: AssistantMessage = {
    texts: [],
    refusals: [],
    calls: [],
    thoughts: [],
    details: [],
    thoughtSignature: undefined,
  };
  for (const block of blocks) addBlock(message, block, target);
  return message;
}

function addBlock(message: AssistantMessage, block: Block, target: MessageTarget): void {
  switch (block.type) {
    case 'reasoning':
      if (block.text !== '') message.thoughts.push(block.text);
      if (!belongsTo(block.signature, { ...target, dialect: 'openai-chat' })) return;
      if (block.signature.kind === 'sig') message.thoughtSignature = block.signature.value;
      else message.details.push(...restoreDetails(block.signature));
      return;
    case 'tool_call':
      message.calls.push(encodeToolCall(block, message.thoughtSignature, target));
      message.thoughtSignature = undefined;
      return;
    case 'refusal':
      message.refusals.push(block.text);
      return;
    case 'text':
      message.texts.push(block.text);
      return;
    case 'server_tool':
      message.texts.push(describeServerTool(block));
      return;
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      message.texts.push(nameMedia(block, target));
      return;
    default:
      throw target.losses.refuse(wordOf(block));
  }
}

/** Only users can send media; media of the assistant is replaced by its name. */
function nameMedia(block: MediaBlock | DocumentBlock, target: MessageTarget): string {
  if (block.type === 'document' && block.source.kind === 'text') {
    return String(encodePart(block, target)['text']);
  }
  target.losses.drop('dropped', block.type);
  return `[${block.type}]`;
}

function encodeToolCall(
  call: ToolCallBlock,
  thoughtSignature: string | undefined,
  target: MessageTarget,
): JsonObject {
  const id = fitToolId(call.id, 'openai-chat');
  const name = target.names.fit(call.name);
  const input = call.arguments;
  if (call.kind === 'custom' && target.caps.custom_tools) {
    return { id, type: 'custom', custom: { name, input } };
  }
  const args = call.kind === 'custom' ? encodeCustomInput(input).text : input;
  return {
    id,
    type: 'function',
    // Servers parse the text, and an empty one is not JSON.
    function: { name, arguments: args === '' ? '{}' : args },
    ...(thoughtSignature === undefined
      ? {}
      : { extra_content: { google: { thought_signature: thoughtSignature } } }),
  };
}

/** The name, for messages, of a block that has no place here. */
export function wordOf(block: Block): string {
  return block.type === 'opaque' ? String(asObject(block.raw)['type'] ?? 'content') : block.type;
}
