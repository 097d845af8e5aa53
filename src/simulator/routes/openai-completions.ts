import { type Frame, frame, outputFrame, pieces, sse } from '../frame.ts';
import { asNumber, asObject } from '../json-object.ts';
import { PLAIN_PROMPT, type Prompt, readStops } from '../prompt.ts';
import { encodeError } from '../simulator-error.ts';
import { type AnswerWriter, answerPrompt, EVENT_STREAM, type Exchange } from './answer-prompt.ts';
import { type Call, CREATED_SECONDS, type PreparedCall } from './handler.ts';
import { encodeChatUsage } from './openai-usage.ts';
import { readInputTexts } from './read-input-texts.ts';
import { requireText, requireValue } from './require-field.ts';

/** `POST /completions`: https://platform.openai.com/docs/api-reference/completions */
export function answerCompletion(call: Call): PreparedCall {
  return answerPrompt(call, readCompletionPrompt(call.body), writer);
}

/** The API's own default. */
const DEFAULT_MAX_TOKENS = 16;

/** Every prompt gets its own choices; there are no roles, tools or reasoning. */
function readCompletionPrompt(body: Call['body']): Prompt {
  const model = requireText(body, 'model');
  const texts = readInputTexts(requireValue(body, 'prompt'));
  return {
    ...PLAIN_PROMPT,
    model,
    stream: body['stream'] === true,
    parts: texts.map((text) => ({ text, cacheFor: null })),
    userText: texts.at(-1) ?? '',
    maxTokens: asNumber(body['max_tokens']) ?? DEFAULT_MAX_TOKENS,
    stops: readStops(body['stop']),
    choices: texts.length * Math.max(1, asNumber(body['n']) ?? 1),
  };
}

const writer: AnswerWriter = {
  streamType: EVENT_STREAM,
  whole: (exchange) => ({
    ...envelope(exchange),
    choices: choicesOf(exchange, exchange.answer.text, finishReason(exchange)),
    usage: encodeChatUsage(exchange.usage),
  }),
  frames: writeChunks,
  errorWire: (error, requestId) => sse(encodeError('openai', error, requestId)),
};

function* writeChunks(exchange: Exchange): Generator<Frame> {
  const { answer, usage, body } = exchange;
  const includeUsage = asObject(body['stream_options'])['include_usage'] === true;
  const head = { ...envelope(exchange), ...(includeUsage ? { usage: null } : {}) };
  for (const [index] of choicesOf(exchange, '', null).entries()) {
    for (const piece of pieces(answer.text)) {
      const choices = [encodeChoice(index, piece, null)];
      yield outputFrame(sse({ ...head, choices }), piece);
    }
    yield frame(sse({ ...head, choices: [encodeChoice(index, '', finishReason(exchange))] }));
  }
  if (includeUsage) yield frame(sse({ ...head, choices: [], usage: encodeChatUsage(usage) }));
  yield frame('data: [DONE]\n\n');
}

function choicesOf({ prompt }: Exchange, text: string, finish: string | null): object[] {
  return Array.from({ length: prompt.choices }, (_, index) => encodeChoice(index, text, finish));
}

function encodeChoice(index: number, text: string, finish: string | null): object {
  return { index, text, logprobs: null, finish_reason: finish };
}

function envelope({ prompt, mint }: Exchange): object {
  return {
    id: mint('cmpl-'),
    object: 'text_completion',
    created: CREATED_SECONDS,
    model: prompt.model,
  };
}

function finishReason({ answer }: Exchange): string {
  return answer.finish === 'length' ? 'length' : 'stop';
}
