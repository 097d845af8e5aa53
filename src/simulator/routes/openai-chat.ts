import type { Answer } from '../compose-answer.ts';
import { type Frame, frame, outputFrame, pieces, reasoningFrame, sse } from '../frame.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { encodeError } from '../simulator-error.ts';
import { type AnswerWriter, answerPrompt, EVENT_STREAM, type Exchange } from './answer-prompt.ts';
import { type Call, CREATED_SECONDS, type PreparedCall } from './handler.ts';
import { encodeChatUsage } from './openai-usage.ts';
import { readChatPrompt } from './read-chat-prompt.ts';

/** `POST /chat/completions`: https://platform.openai.com/docs/api-reference/chat */
export function answerChat(call: Call): PreparedCall {
  return answerPrompt(call, readChatPrompt(call.body), writer);
}

const writer: AnswerWriter = {
  streamType: EVENT_STREAM,
  whole: encodeCompletion,
  frames: writeChunks,
  errorWire: (error, requestId) => sse(encodeError('openai', error, requestId)),
};

function encodeCompletion({ prompt, answer, usage, mint }: Exchange): object {
  return {
    ...envelope('chat.completion', prompt.model, mint),
    choices: indexes(prompt.choices).map((index) => ({
      index,
      message: encodeMessage(answer),
      logprobs: null,
      finish_reason: finishReason(answer),
    })),
    usage: encodeChatUsage(usage),
  };
}

/** Content is null, not empty, beside calls alone or a refusal. */
function encodeMessage({ text, reasoning, refusal, calls, finish }: Answer): object {
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || finish === 'refusal') ? null : text,
    refusal: finish === 'refusal' ? refusal : null,
    annotations: [],
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(encodeCall) }),
  };
}

function encodeCall(call: Answer['calls'][number]): object {
  return {
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.argumentsJson },
  };
}

function* writeChunks({ prompt, answer, usage, body, mint }: Exchange): Generator<Frame> {
  const includeUsage = asObject(body['stream_options'])['include_usage'] === true;
  const head = envelope('chat.completion.chunk', prompt.model, mint);
  const chunk: WriteChunk = (index, delta, finish) => {
    const choices = [{ index, delta, logprobs: null, finish_reason: finish ?? null }];
    return sse({ ...head, choices, ...(includeUsage ? { usage: null } : {}) });
  };

  for (const index of indexes(prompt.choices)) {
    yield frame(chunk(index, { role: 'assistant', content: '', refusal: null }));
  }
  for (const index of indexes(prompt.choices)) yield* writeDeltas(answer, index, chunk);
  for (const index of indexes(prompt.choices)) yield frame(chunk(index, {}, finishReason(answer)));
  if (includeUsage) yield frame(sse({ ...head, choices: [], usage: encodeChatUsage(usage) }));
  yield frame('data: [DONE]\n\n');
}

/** One chunk with one choice in it. */
type WriteChunk = (index: number, delta: JsonObject, finish?: string) => string;

/**
 * Only the first delta of a call has its id and name: the official client refuses calls whose
 * identity changes.
 */
function* writeDeltas(answer: Answer, index: number, chunk: WriteChunk): Generator<Frame> {
  for (const piece of pieces(answer.reasoning)) {
    yield reasoningFrame(chunk(index, { reasoning_content: piece }), piece);
  }
  for (const piece of pieces(answer.text)) {
    yield outputFrame(chunk(index, { content: piece }), piece);
  }
  for (const piece of pieces(answer.refusal)) {
    yield outputFrame(chunk(index, { refusal: piece }), piece);
  }
  for (const [position, call] of answer.calls.entries()) {
    const { id, name } = call;
    const opening = { index: position, id, type: 'function', function: { name, arguments: '' } };
    yield outputFrame(chunk(index, { tool_calls: [opening] }), name);
    for (const piece of pieces(call.argumentsJson)) {
      const delta = { index: position, function: { arguments: piece } };
      yield outputFrame(chunk(index, { tool_calls: [delta] }), piece);
    }
  }
}

/** What all chunks of an answer have in common, its id included. */
function envelope(kind: string, model: string, mint: Exchange['mint']): object {
  return {
    id: mint('chatcmpl-'),
    object: kind,
    created: CREATED_SECONDS,
    model,
    service_tier: 'default',
    system_fingerprint: 'fp_simulator',
  };
}

function finishReason({ finish }: Answer): string {
  return finish === 'stop_sequence' || finish === 'refusal' ? 'stop' : finish;
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
