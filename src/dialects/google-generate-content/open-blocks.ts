import type { AnswerSource } from '../dialect.ts';
import type { Signature } from '../ir/chat-request.ts';
import type { BlockHead, StreamPart } from '../ir/stream-part.ts';
import { asObject, asText, type JsonObject } from '../json-object.ts';
import { mimeOf } from '../media-source.ts';
import { sourceText } from '../raw-json.ts';
import { decodeCustomInput } from '../tool-input.ts';
import type { Grounding } from './grounding.ts';
import { addPartialArgs } from './partial-args.ts';
import { decodeServerParts, isPair } from './server-parts.ts';
import { nativeSignature } from './signatures.ts';

/** A block of an answer that the next part may continue. */
export interface OpenBlock {
  /** What a part adds to the block; null if the part does not belong to it. */
  take(part: JsonObject, logprobs: unknown[] | undefined): StreamPart[] | null;
  close(): StreamPart[];
}

/** State that the blocks of one candidate share. */
export interface BlockSource extends AnswerSource {
  choice: number;
  grounding: Grounding;
}

/** Opens text or thoughts; their state is certain only when they end. */
export function openText(
  first: JsonObject,
  { choice, family, grounding }: BlockSource,
): { block: OpenBlock; head: StreamPart } {
  const isThought = first['thought'] === true;
  let text = '';
  let signature: Signature | undefined;
  const block: OpenBlock = {
    take(part, logprobs) {
      const added = part['text'];
      // State may follow in an empty part, which then is not marked as a thought.
      const isMore =
        typeof added === 'string' && (added === '' || isThoughtPart(part) === isThought);
      if (!isMore) return null;
      signature = stateOf(part, family) ?? signature;
      text += added;
      if (added === '') return [];
      return [{ type: 'delta', choice, text: added, ...(logprobs && { logprobs }) }];
    },
    close() {
      const citations = isThought ? [] : grounding.citationsOf(text);
      return [
        ...signed(choice, signature),
        ...citations.map((citation): StreamPart => ({ type: 'citation', choice, citation })),
        { type: 'block_end', choice },
      ];
    },
  };
  const head: BlockHead = isThought ? { type: 'reasoning', kind: 'summary' } : { type: 'text' };
  return { block, head: { type: 'block_start', choice, block: head } };
}

/** Opens a call whose arguments come in pieces. */
export function openCall(first: JsonObject, source: BlockSource): OpenBlock {
  const call = asObject(first['functionCall']);
  const args = { ...asObject(call['args']) };
  addPartialArgs(args, call['partialArgs']);
  let isOver = false;
  const close = (): StreamPart[] => {
    if (isOver) return [];
    isOver = true;
    return wholeCall({ ...first, functionCall: { ...call, args } }, source);
  };
  return {
    take(part) {
      const piece = asObject(part['functionCall']);
      const isMore = !isOver && part['functionCall'] !== undefined && piece['name'] === undefined;
      if (!isMore) return null;
      addPartialArgs(args, piece['partialArgs']);
      return piece['willContinue'] === true ? [] : close();
    },
    close,
  };
}

/** Opens the call of a tool that Google runs, which waits for its result. */
export function openServerTool(first: JsonObject, { choice }: BlockSource): OpenBlock {
  let parts: JsonObject[] = [first];
  const close = (): StreamPart[] => {
    if (parts.length === 0) return [];
    const block = decodeServerParts(parts);
    parts = [];
    return wholeBlock(choice, { type: 'server_tool', block });
  };
  return {
    take(part) {
      if (parts.length === 0 || !isPair(first, part)) return null;
      parts.push(part);
      return close();
    },
    close,
  };
}

/** The parts of a complete call, under the client's own name of the tool. */
export function wholeCall(part: JsonObject, source: BlockSource): StreamPart[] {
  const { choice, customTools, family, toolNames } = source;
  const call = asObject(part['functionCall']);
  const wireName = asText(call['name']) ?? '';
  const name = toolNames.get(wireName) ?? wireName;
  const json = sourceText(call['args'] ?? {});
  const isCustom = customTools.has(name);
  const head: BlockHead = {
    type: 'tool_call',
    id: asText(call['id']) ?? '',
    name,
    kind: isCustom ? 'custom' : 'function',
  };
  const text = isCustom ? decodeCustomInput(json) : json;
  return wholeBlock(choice, head, [
    { type: 'delta', choice, text },
    ...signed(choice, stateOf(part, family)),
  ]);
}

/** The parts of an image from the model; other media cannot be requested. */
export function wholeImage(part: JsonObject, { choice, family }: BlockSource): StreamPart[] {
  const { mimeType, data } = asObject(part['inlineData']);
  const base64 = asText(data) ?? '';
  const mime = mimeOf({ kind: 'base64', mime: asText(mimeType), base64 }) ?? '';
  if (!mime.startsWith('image/')) return [];
  const head: BlockHead = { type: 'image', mime, base64 };
  return wholeBlock(choice, head, signed(choice, stateOf(part, family)));
}

/** The parts of state that no block can carry. */
export function loneState(part: JsonObject, { choice, family }: BlockSource): StreamPart[] {
  const state = stateOf(part, family);
  if (state === undefined) return [];
  const head: BlockHead = { type: 'reasoning', kind: 'redacted' };
  return wholeBlock(choice, head, signed(choice, { ...state, target: 'prev' }));
}

function wholeBlock(
  choice: number,
  block: BlockHead,
  inside: readonly StreamPart[] = [],
): StreamPart[] {
  return [{ type: 'block_start', choice, block }, ...inside, { type: 'block_end', choice }];
}

function signed(choice: number, signature: Signature | undefined): StreamPart[] {
  return signature === undefined ? [] : [{ type: 'signature', choice, signature }];
}

function stateOf(part: JsonObject, family: string): Signature | undefined {
  const value = asText(part['thoughtSignature']);
  return value === undefined ? undefined : nativeSignature(value, family);
}

function isThoughtPart(part: JsonObject): boolean {
  return part['thought'] === true;
}
