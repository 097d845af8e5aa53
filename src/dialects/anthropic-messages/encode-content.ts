import type {
  Block,
  CacheMark,
  ReasoningBlock,
  ServerToolBlock,
  TextBlock,
  ToolCallBlock,
  ToolResultBlock,
  Turn,
} from '../ir/chat-request.ts';
import { describeServerTool } from '../ir/describe-server-tool.ts';
import { NO_RESULT } from '../ir/pair-tool-results.ts';
import { textBlock } from '../ir/text-block.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { fitToolId } from '../tool-ids.ts';
import { encodeCustomInput, encodeToolInput } from '../tool-input.ts';
import { IMAGE_TEXT } from './answer-blocks.ts';
import { encodeDocument, encodeImage } from './encode-sources.ts';
import type { RequestContext } from './request-context.ts';

/** A turn as a message. */
export function encodeTurn({ role, blocks }: Turn, context: RequestContext): JsonObject {
  const shown = role === 'assistant' ? blocks.map((block) => hideImage(block, context)) : blocks;
  return { role, content: shown.flatMap((block) => encodeBlock(block, context)) };
}

/**
 * A picture that another model made, as the text that stands for it in answers too: a turn of Claude's
 * holds none. https://github.com/SEMOSS/Semoss/issues/2323
 */
function hideImage(block: Block, { losses }: RequestContext): Block {
  if (block.type !== 'image') return block;
  losses.drop('dropped', 'image');
  return { ...textBlock(IMAGE_TEXT), cache: block.cache };
}

/** A text with its cache mark. */
export function encodeText({ text, cache }: Pick<TextBlock, 'text' | 'cache'>): JsonObject {
  return { type: 'text', text, ...encodeMark(cache) };
}

/** The `cache_control` member of a marked block; empty for other blocks. */
export function encodeMark(cache: CacheMark | undefined): JsonObject {
  if (cache === undefined) return {};
  const { ttl } = cache;
  return { cache_control: { type: 'ephemeral', ...(ttl !== undefined && { ttl }) } };
}

function encodeBlock(block: Block, context: RequestContext): JsonObject[] {
  switch (block.type) {
    case 'text':
      return [encodeText(block)];
    case 'refusal':
      return block.text === '' ? [] : [{ type: 'text', text: block.text }];
    case 'image':
    case 'audio':
    case 'video':
      return [{ ...encodeImage(block, context), ...encodeMark(block.cache) }];
    case 'document':
      return [{ ...encodeDocument(block, context), ...encodeMark(block.cache) }];
    case 'tool_call':
      return [encodeToolCall(block, context)];
    case 'tool_result':
      return [encodeToolResult(block, context)];
    case 'reasoning':
      return encodeReasoning(block);
    case 'server_tool':
      return encodeServerTool(block);
    case 'opaque':
      if (block.dialect !== 'anthropic-messages' || !isObject(block.raw)) {
        throw context.refuse('messages');
      }
      return [block.raw];
  }
}

function encodeToolCall(block: ToolCallBlock, { losses, names }: RequestContext): JsonObject {
  const { input, isWrapped } =
    block.kind === 'custom'
      ? { input: encodeCustomInput(block.arguments), isWrapped: false }
      : encodeToolInput(block.arguments);
  if (isWrapped) losses.drop('wrapped', 'tool_call.arguments');
  return {
    type: 'tool_use',
    id: fitToolId(block.id, 'anthropic-messages'),
    name: names.fit(block.name),
    input,
    ...encodeMark(block.cache),
  };
}

function encodeToolResult(block: ToolResultBlock, context: RequestContext): JsonObject {
  const content = block.content
    .filter((inner) => inner.type !== 'text' || inner.text.trim() !== '')
    .flatMap((inner) => encodeBlock({ ...inner, cache: undefined }, context));
  // An error must say something. https://github.com/bytedance/trae-agent/issues/230
  if (block.isError && content.length === 0) content.push({ type: 'text', text: NO_RESULT });
  const [only] = content;
  const isPlain = content.length === 1 && only?.['type'] === 'text';
  return {
    type: 'tool_result',
    tool_use_id: fitToolId(block.callId, 'anthropic-messages'),
    ...(content.length > 0 && {
      content: isPlain ? only['text'] : content,
    }),
    ...(block.isError && { is_error: true }),
    // The prompt may be cached up to the end of the result, which covers what is in it.
    ...encodeMark(block.cache ?? block.content.findLast(({ cache }) => cache)?.cache),
  };
}

/** Only signed blocks are accepted; their text may be empty. */
function encodeReasoning({ kind, text, signature }: ReasoningBlock): JsonObject[] {
  if (signature === undefined) return [];
  return kind === 'redacted'
    ? [{ type: 'redacted_thinking', data: signature.value }]
    : [{ type: 'thinking', thinking: text, signature: signature.value }];
}

function encodeServerTool(block: ServerToolBlock): JsonObject[] {
  if (block.native.dialect === 'anthropic-messages') return block.native.raw as JsonObject[];
  return [{ type: 'text', text: describeServerTool(block) }];
}
