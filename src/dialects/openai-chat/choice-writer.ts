import { countCodePoints } from '../count-code-points.ts';
import type { AnswerTarget } from '../dialect.ts';
import type { Citation, Signature } from '../ir/chat-request.ts';
import type { BlockHead, Finish, StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { encodeAnnotations } from './citations.ts';
import { encodeFinish } from './finish-reasons.ts';
import { encodeDetail } from './reasoning-details.ts';

/** The content of one choice in a chunk. */
export interface ChoicePiece {
  delta: JsonObject;
  logprobs?: JsonObject;
  finish_reason: string | null;
}

/** Writes the parts of one choice as deltas, which streams and whole answers are both made of. */
export interface ChoiceWriter {
  write(part: StreamPart): ChoicePiece[];
}

/** State of the open block that its deltas depend on. */
interface OpenBlock {
  head: BlockHead;
  citations: Citation[];
  codePoints: number;
  /** Length of the reasoning text that was shown, in UTF-16 units. */
  shownLength: number;
}

/** State that the choice's next delta depends on. */
interface ChoiceState {
  block: OpenBlock;
  /** Offset of the open text block in the message. */
  textStart: number;
  hasReasoning: boolean;
  hasRefusal: boolean;
  /** Id of the last call. */
  callId: string;
  callIndex: number;
  details: number;
}

/** A writer for one choice. */
export function createChoiceWriter(target: AnswerTarget): ChoiceWriter {
  const state: ChoiceState = {
    block: openBlock({ type: 'text' }),
    textStart: 0,
    hasReasoning: false,
    hasRefusal: false,
    callId: '',
    callIndex: -1,
    details: 0,
  };
  return {
    write(part) {
      switch (part.type) {
        case 'block_start':
          return begin(state, part.block, target);
        case 'delta':
          return add(state, part, target);
        case 'signature':
          return [say(sign(state, part.signature))];
        case 'citation':
          state.block.citations.push(part.citation);
          return [];
        case 'block_end':
          return end(state);
        case 'finish':
          return finish(state, part.finish);
        default:
          return [];
      }
    },
  };
}

function begin(state: ChoiceState, head: BlockHead, { mintId }: AnswerTarget): ChoicePiece[] {
  state.block = openBlock(head);
  if (head.type === 'refusal') state.hasRefusal = true;
  if (head.type === 'image') return [say({ images: [encodeImage(head)] })];
  if (head.type !== 'tool_call') return [];
  state.callId = head.id === '' ? `call_${mintId()}` : head.id;
  state.callIndex += 1;
  const { callId: id, callIndex: index } = state;
  return [say({ tool_calls: [{ index, id, ...openCall(head) }] })];
}

function add(
  { block, callIndex }: ChoiceState,
  { text, logprobs }: StreamPart & { type: 'delta' },
  { request }: AnswerTarget,
): ChoicePiece[] {
  const { head } = block;
  switch (head.type) {
    case 'text':
      block.codePoints += countCodePoints(text);
      return [score(say({ content: text }), logprobs && { content: logprobs, refusal: null })];
    case 'refusal':
      return [score(say({ refusal: text }), logprobs && { content: null, refusal: logprobs })];
    case 'reasoning':
      if (request.reasoning?.expose === 'none') return [];
      block.shownLength += text.length;
      return [say({ reasoning_content: text })];
    case 'tool_call':
      return [say({ tool_calls: [{ index: callIndex, ...continueCall(head, text) }] })];
    default:
      return [];
  }
}

function sign(state: ChoiceState, signature: Signature): JsonObject {
  const { block, callId, callIndex, hasReasoning, details: index } = state;
  state.details += 1;
  switch (block.head.type) {
    case 'tool_call': {
      const detail = encodeDetail({ ...signature, target: 'next' }, { index, callId });
      return {
        ...signCall(signature, { index: callIndex, ...continueCall(block.head, '') }),
        reasoning_details: [detail],
      };
    }
    case 'text':
      return { reasoning_details: [encodeDetail({ ...signature, target: 'prev' }, { index })] };
    default: {
      const place = hasReasoning ? { index, length: block.shownLength } : { index };
      return { reasoning_details: [encodeDetail(signature, place)] };
    }
  }
}

function end(state: ChoiceState): ChoicePiece[] {
  const { head, citations, codePoints, shownLength } = state.block;
  if (shownLength > 0) state.hasReasoning = true;
  if (head.type !== 'text') return [];
  const annotations = encodeAnnotations(citations, state.textStart);
  state.textStart += codePoints;
  return annotations.length === 0 ? [] : [say({ annotations })];
}

function finish({ hasRefusal }: ChoiceState, how: Finish): ChoicePiece[] {
  const last = { delta: {}, finish_reason: encodeFinish(how) };
  const isSilent = how.reason === 'refusal' && !hasRefusal;
  return isSilent ? [say({ refusal: how.detail ?? '' }), last] : [last];
}

function openBlock(head: BlockHead): OpenBlock {
  return { head, citations: [], codePoints: 0, shownLength: 0 };
}

function say(delta: JsonObject): ChoicePiece {
  return { delta, finish_reason: null };
}

function openCall({ name, kind }: BlockHead & { type: 'tool_call' }): JsonObject {
  return kind === 'custom'
    ? { type: 'custom', custom: { name, input: '' } }
    : { type: 'function', function: { name, arguments: '' } };
}

/** No id, type or name, not even empty ones: the OpenAI SDK would take them for another call's. */
function continueCall({ kind }: BlockHead & { type: 'tool_call' }, text: string): JsonObject {
  return kind === 'custom' ? { custom: { input: text } } : { function: { arguments: text } };
}

function score(piece: ChoicePiece, logprobs: JsonObject | undefined): ChoicePiece {
  return logprobs === undefined ? piece : { ...piece, logprobs };
}

/**
 * Google's state as its own compatible API writes it: https://ai.google.dev/gemini-api/docs/thought-signatures
 * A piece of a call without its `function` is an error to the AI SDK:
 * https://github.com/vercel/ai/blob/main/packages/openai-compatible/src/chat/openai-compatible-chat-language-model.ts
 */
function signCall({ dialect, value }: Signature, call: JsonObject): JsonObject {
  if (dialect !== 'google-generate-content') return {};
  return { tool_calls: [{ ...call, extra_content: { google: { thought_signature: value } } }] };
}

/** By OpenRouter's convention: https://openrouter.ai/docs/features/multimodal/image-generation */
function encodeImage({ mime, base64 }: BlockHead & { type: 'image' }): JsonObject {
  return { type: 'image_url', image_url: { url: `data:${mime};base64,${base64}` } };
}
