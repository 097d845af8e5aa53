import { answerSuffix } from '../answer-id.ts';
import type { AnswerTarget } from '../dialect.ts';
import type { ChatResponse, ResponseBlock } from '../ir/chat-response.ts';
import type { JsonObject } from '../json-object.ts';
import { encodeCustomInput, encodeToolInput } from '../tool-input.ts';
import {
  carrierBlock,
  IMAGE_TEXT,
  type ToolCallHead,
  textBlock,
  thinkingBlock,
  toolUseBlock,
} from './answer-blocks.ts';
import { splitAtCitations } from './citations.ts';
import { encodeUsage, estimatedUsage, estimateOutput } from './encode-usage.ts';
import { encodeFinish } from './finish-reasons.ts';
import { encodeServerTool } from './server-tools.ts';
import { shownReasoning } from './shown-reasoning.ts';
import { writeSignature } from './signatures.ts';

/** Writes a whole answer as a message. */
export function encodeResponse(response: ChatResponse, target: AnswerTarget): JsonObject {
  const [{ blocks, finish }] = response.choices as [ChatResponse['choices'][number]];
  const hasToolCalls = blocks.some(({ head }) => head.type === 'tool_call');
  const { usage, tier } = response;
  return {
    ...messageHead(response, target),
    content: blocks.flatMap((block) => encodeBlock(block, target)),
    ...encodeFinish(finish, hasToolCalls),
    usage:
      usage === undefined
        ? estimatedUsage(target.inputEstimate, estimateOutput(blocks.map(({ text }) => text)))
        : encodeUsage(usage, tier),
  };
}

/** The members of a message that are known before its content. */
export function messageHead(
  { id, model }: Pick<ChatResponse, 'id' | 'model'>,
  { request, mintId }: AnswerTarget,
): JsonObject {
  return {
    id: `msg_${answerSuffix(id, mintId)}`,
    type: 'message',
    role: 'assistant',
    model: model ?? request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
  };
}

function encodeBlock(block: ResponseBlock, target: AnswerTarget): JsonObject[] {
  const { head } = block;
  switch (head.type) {
    case 'text':
      return encodeText(block, target);
    case 'refusal':
      return block.text === '' ? [] : [textBlock(block.text)];
    case 'reasoning':
      return encodeReasoning(block, target);
    case 'tool_call':
      return encodeToolCall(head, block, target);
    case 'server_tool':
      return encodeServerTool(head.block, target.mintId);
    case 'image':
      return [textBlock(IMAGE_TEXT)];
  }
}

/** The state of a text follows it, as in a stream. */
function encodeText(
  { text, citations, signature }: ResponseBlock,
  { request }: AnswerTarget,
): JsonObject[] {
  const pieces = text === '' ? [] : splitAtCitations(text, citations);
  const blocks = pieces.map((piece) => textBlock(piece.text, piece.citations));
  if (signature === undefined || !shownReasoning(request).state) return blocks;
  return [...blocks, carrierBlock(signature, 'prev')];
}

function encodeReasoning(
  { text, signature }: ResponseBlock,
  { request }: AnswerTarget,
): JsonObject[] {
  const shown = shownReasoning(request);
  const words = shown.text ? text : '';
  if (signature === undefined) return words === '' ? [] : [thinkingBlock(words, '')];
  if (!shown.state) return [];
  const sealed = writeSignature(signature, signature.target);
  return [thinkingBlock(words, sealed)];
}

function encodeToolCall(
  head: ToolCallHead,
  { text, signature }: ResponseBlock,
  { request, mintId }: AnswerTarget,
): JsonObject[] {
  const input = head.kind === 'custom' ? encodeCustomInput(text) : encodeToolInput(text).input;
  const call = toolUseBlock(head, input, mintId);
  const isCarried = signature !== undefined && shownReasoning(request).state;
  return isCarried ? [carrierBlock(signature, 'next'), call] : [call];
}
