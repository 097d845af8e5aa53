import { createHash } from 'node:crypto';
import type {
  Block,
  MediaBlock,
  ReasoningBlock,
  RefusalBlock,
  TextBlock,
  ToolCallBlock,
  ToolResultBlock,
  Turn,
} from '../ir/chat-request.ts';
import { describeServerTool } from '../ir/describe-server-tool.ts';
import { textBlock } from '../ir/text-block.ts';
import type { JsonObject } from '../json-object.ts';
import { fitToolId } from '../tool-ids.ts';
import type { ContentBlock } from './decode-content.ts';
import { BREAKPOINT, encodeAnswerPart, encodePart } from './encode-content.ts';
import type { InputTarget } from './input-target.ts';
import { RESPONSES } from './read-wire.ts';
import { restoreReasoningItem } from './reasoning-state.ts';

/** Blocks of a message of the model. */
type SpokenBlock = TextBlock | RefusalBlock;

/** The items of a turn, in order; tool results come before the user's text. */
export function encodeTurn(turn: Turn, target: InputTarget): JsonObject[] {
  switch (turn.role) {
    case 'system':
      return encodeInstructions(turn.blocks, target);
    case 'user':
      return encodeUserTurn(turn.blocks, target);
    case 'assistant':
      return encodeAnswer(turn.blocks, target);
  }
}

/** Instructions that stay inside the conversation; empty for none. */
export function encodeInstructions(blocks: readonly Block[], target: InputTarget): JsonObject[] {
  if (blocks.length === 0) return [];
  const role = target.caps.developer_role ? 'developer' : 'system';
  return [encodeMessage(role, blocks, target)];
}

function encodeUserTurn(blocks: readonly Block[], target: InputTarget): JsonObject[] {
  const results = blocks.filter((block) => block.type === 'tool_result');
  const said = blocks.filter((block) => block.type !== 'tool_result');
  const items = results.map((result) => encodeResult(result, target));
  return said.length === 0 ? items : [...items, encodeMessage('user', said, target)];
}

function encodeMessage(role: string, blocks: readonly Block[], target: InputTarget): JsonObject {
  const content = blocks.map((block) => encodePart(asContent(block, target), target));
  return { type: 'message', role, content };
}

function asContent(block: Block, { losses }: InputTarget): ContentBlock {
  switch (block.type) {
    case 'text':
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      return block;
    default:
      throw losses.refuse(block.type);
  }
}

/** There is no flag for a failed call, so its text says it. */
function encodeResult(result: ToolResultBlock, target: InputTarget): JsonObject {
  const { callId, isError } = result;
  const content = isError ? markError(result.content) : result.content;
  const isText = content.every(({ type }) => type === 'text');
  const isMarked = target.isMarked(result);
  const parts = content.map((block, index) => {
    const isLast = index === content.length - 1;
    return { ...encodePart(block, target), ...(isMarked && isLast && BREAKPOINT) };
  });
  return {
    type: target.customCalls.has(callId) ? 'custom_tool_call_output' : 'function_call_output',
    call_id: fitToolId(callId, RESPONSES),
    output: isText && !isMarked ? joinTexts(content) : parts,
  };
}

function joinTexts(content: readonly ContentBlock[]): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

function markError(content: readonly ContentBlock[]): ContentBlock[] {
  const [first, ...rest] = content;
  if (first?.type !== 'text') return [textBlock('Error: '), ...content];
  if (/^error/i.test(first.text)) return [...content];
  return [{ ...first, text: `Error: ${first.text}` }, ...rest];
}

/** Consecutive texts are one message; every other block is an item of its own. */
function encodeAnswer(blocks: readonly Block[], target: InputTarget): JsonObject[] {
  const items: JsonObject[] = [];
  let run: SpokenBlock[] = [];
  const endRun = () => {
    if (run.length > 0) items.push(encodeSpoken(run));
    run = [];
  };
  for (const block of blocks) {
    if (block.type === 'text' || block.type === 'refusal') {
      run.push(block);
      continue;
    }
    endRun();
    items.push(...encodeAnswerItem(block, target));
  }
  endRun();
  return items;
}

/**
 * Plain text is sent as a string: the parts of an answer belong to a message with an id, and some servers
 * refuse them without one.
 */
function encodeSpoken(run: readonly SpokenBlock[]): JsonObject {
  const parts = run.map(encodeAnswerPart);
  const isPlain = parts.every(isPlainText);
  const content = isPlain ? parts.map(({ text }) => text).join('') : parts;
  return { type: 'message', role: 'assistant', content };
}

function isPlainText({ annotations }: JsonObject): boolean {
  return Array.isArray(annotations) && annotations.length === 0;
}

function encodeAnswerItem(block: Block, target: InputTarget): JsonObject[] {
  switch (block.type) {
    case 'tool_call':
      return [encodeCall(block, target)];
    case 'reasoning':
      return encodeReasoning(block);
    case 'server_tool':
      return block.native.dialect === RESPONSES
        ? (block.native.raw as JsonObject[])
        : // What another provider's tool did becomes text.
          [encodeSpoken([textBlock(describeServerTool(block))])];
    case 'image':
      return [encodeGeneratedImage(block, target)];
    default:
      throw target.losses.refuse(block.type);
  }
}

/** Items need no id of their own; the API would look up an invented one. */
function encodeCall(call: ToolCallBlock, { names }: InputTarget): JsonObject {
  const call_id = fitToolId(call.id, RESPONSES);
  const name = names.fit(call.name);
  if (call.kind === 'custom') {
    return { type: 'custom_tool_call', call_id, name, input: call.arguments };
  }
  const text = call.arguments === '' ? '{}' : call.arguments;
  return { type: 'function_call', call_id, name, arguments: text };
}

/** Reasoning is sent back unchanged or not at all: its text is no substitute. */
function encodeReasoning({ signature }: ReasoningBlock): JsonObject[] {
  const item = signature === undefined ? null : restoreReasoningItem(signature);
  return item === null ? [] : [item];
}

function encodeGeneratedImage({ source }: MediaBlock, { losses }: InputTarget): JsonObject {
  if (source.kind !== 'base64') throw losses.refuse('image');
  const id = `ig_${createHash('sha256').update(source.base64).digest('hex').slice(0, 32)}`;
  return { type: 'image_generation_call', id, status: 'completed', result: source.base64 };
}
