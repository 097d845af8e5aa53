import type { AnswerTarget } from '../dialect.ts';
import type { ChatResponse, ResponseChoice } from '../ir/chat-response.ts';
import { unfoldResponse } from '../ir/unfold-response.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { type ChoicePiece, createChoiceWriter } from './choice-writer.ts';
import { emptyAnswer, explainsSilence } from './empty-answer.ts';
import { encodeHead } from './encode-head.ts';
import { encodeChatUsage } from './encode-usage.ts';

/** Writes a whole answer; throws 502 if it is empty without a reason. */
export function encodeChatResponse(response: ChatResponse, target: AnswerTarget): JsonObject {
  const { choices, usage, tier } = response;
  if (choices.every(isEmpty)) throw emptyAnswer();
  return {
    ...encodeHead(response, 'chat.completion', target),
    choices: writeChoices(response, target).map(encodeChoice),
    ...(usage && { usage: encodeChatUsage(usage) }),
    ...(tier === undefined ? {} : { service_tier: tier }),
  };
}

function isEmpty({ blocks, finish }: ResponseChoice): boolean {
  return blocks.length === 0 && !explainsSilence(finish);
}

function encodeChoice(pieces: readonly ChoicePiece[], index: number): JsonObject {
  return {
    index,
    message: joinDeltas(pieces.map(({ delta }) => delta)),
    logprobs: joinLogprobs(pieces),
    finish_reason: pieces.at(-1)?.finish_reason ?? null,
  };
}

/** The pieces that a stream would send for each choice. */
function writeChoices(response: ChatResponse, target: AnswerTarget): ChoicePiece[][] {
  const writers = response.choices.map(() => createChoiceWriter(target));
  const parts = unfoldResponse(response);
  return writers.map((writer, index) =>
    parts.flatMap((part) => ('choice' in part && part.choice === index ? writer.write(part) : [])),
  );
}

/** Joins deltas to a message as a client does: texts are joined, lists grow, calls are matched by index. */
function joinDeltas(deltas: readonly JsonObject[]): JsonObject {
  const texts = (name: string) => deltas.map((delta) => asText(delta[name]) ?? '').join('');
  const lists = (name: string) => deltas.flatMap((delta) => asObjects(delta[name]));
  const calls = joinCalls(lists('tool_calls'));
  const isRefusal = deltas.some(({ refusal }) => refusal !== undefined);
  const content = texts('content');
  const message: JsonObject = {
    role: 'assistant',
    content: content === '' && (calls.length > 0 || isRefusal) ? null : content,
    refusal: isRefusal ? texts('refusal') : null,
  };
  const reasoning = texts('reasoning_content');
  if (reasoning !== '') message['reasoning_content'] = reasoning;
  if (calls.length > 0) message['tool_calls'] = calls;
  for (const name of ['reasoning_details', 'annotations', 'images']) {
    const list = lists(name);
    if (list.length > 0) message[name] = list;
  }
  return message;
}

function joinCalls(pieces: readonly JsonObject[]): JsonObject[] {
  const calls: JsonObject[] = [];
  for (const { index, ...piece } of pieces) {
    const call = calls[Number(index)];
    if (call === undefined) {
      calls[Number(index)] = structuredClone(piece);
      continue;
    }
    appendText(call, piece, ['function', 'arguments']);
    appendText(call, piece, ['custom', 'input']);
    if (piece['extra_content']) call['extra_content'] = piece['extra_content'];
  }
  return calls;
}

function appendText(call: JsonObject, piece: JsonObject, [slot, name]: [string, string]): void {
  const more = asText(asObject(piece[slot])[name]);
  if (more === undefined) return;
  const body = asObject(call[slot]);
  body[name] = `${asText(body[name]) ?? ''}${more}`;
}

function joinLogprobs(pieces: readonly ChoicePiece[]): JsonObject | null {
  const scored = pieces.flatMap(({ logprobs }) => logprobs ?? []);
  if (scored.length === 0) return null;
  const tokens = (name: string) => {
    const lists = scored.map((logprobs) => asObject(logprobs)[name]).filter(Array.isArray);
    return lists.length === 0 ? null : lists.flat();
  };
  return { content: tokens('content'), refusal: tokens('refusal') };
}
