import type { Signature } from '../ir/chat-request.ts';
import type { BlockHead } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { fitToolId } from '../tool-ids.ts';
import { writeSignature } from './signatures.ts';

export type ToolCallHead = Extract<BlockHead, { type: 'tool_call' }>;

/** Placeholder text for an image; answers of this API have no image block. */
export const IMAGE_TEXT = '[image]';

/** A text block; without citations as the API writes it, for some clients do not take null. */
export function textBlock(text: string, citations: readonly unknown[] = []): JsonObject {
  return citations.length === 0 ? { type: 'text', text } : { type: 'text', text, citations };
}

/** A thinking block; one with empty text only carries state. */
export function thinkingBlock(thinking: string, signature: string): JsonObject {
  return { type: 'thinking', thinking, signature };
}

/** An empty thinking block that carries the state of the block beside it. */
export function carrierBlock(signature: Signature, target: 'next' | 'prev'): JsonObject {
  return thinkingBlock('', writeSignature(signature, target));
}

/** A tool call with the given input. */
export function toolUseBlock(
  { id, name }: ToolCallHead,
  input: unknown,
  mintId: () => string,
): JsonObject {
  return {
    type: 'tool_use',
    id: id === '' ? `toolu_${mintId()}` : fitToolId(id, 'anthropic-messages'),
    name,
    input,
    caller: { type: 'direct' },
  };
}
