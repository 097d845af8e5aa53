import { type TokenUsage, totalInput, totalOutput } from '../../core/token-usage.ts';
import type { Answer } from '../compose-answer.ts';
import { type Frame, frame, pieces } from '../frame.ts';
import { encodeError } from '../simulator-error.ts';
import { type AnswerWriter, answerPrompt, EVENT_STREAM, type Exchange } from './answer-prompt.ts';
import { makeParts } from './google-parts.ts';
import type { Call, PreparedCall } from './handler.ts';
import { readGeminiPrompt } from './read-gemini-prompt.ts';

/** `:generateContent` and `:streamGenerateContent`: https://ai.google.dev/api/generate-content */
export function answerContent(call: Call): PreparedCall {
  const stream = call.operation === 'stream_generate_content';
  const prompt = { ...readGeminiPrompt(call.body, call.pathModel), stream };
  return answerPrompt(call, prompt, call.query.get('alt') === 'sse' ? sseWriter : arrayWriter);
}

const sseWriter: AnswerWriter = {
  streamType: EVENT_STREAM,
  whole: encodeWhole,
  *frames(exchange) {
    for (const { wire, ...bytes } of writeChunks(exchange)) {
      yield { wire: `data: ${wire}\r\n\r\n`, ...bytes };
    }
  },
  errorWire: (error, requestId) =>
    `data: ${JSON.stringify(encodeError('google', error, requestId))}\r\n\r\n`,
};

/** Without `alt=sse` a stream is one JSON array that grows. */
const arrayWriter: AnswerWriter = {
  streamType: 'application/json; charset=UTF-8',
  whole: encodeWhole,
  *frames(exchange) {
    let separator = '[';
    for (const { wire, ...bytes } of writeChunks(exchange)) {
      yield { wire: separator + wire, ...bytes };
      separator = ',\r\n';
    }
    yield frame(']');
  },
  errorWire: (error, requestId) => JSON.stringify([encodeError('google', error, requestId)]),
};

function encodeWhole(exchange: Exchange): object {
  const parts = [...makeParts(exchange, (text) => [text])].map(({ part }) => part);
  return createChunk(exchange)(parts, true);
}

function* writeChunks(exchange: Exchange): Generator<Frame> {
  const chunk = createChunk(exchange);
  for (const { part, ...bytes } of makeParts(exchange, pieces)) {
    yield { wire: JSON.stringify(chunk([part], false)), ...bytes };
  }
  // The official client's chat drops a turn whose last chunk has no parts.
  yield frame(JSON.stringify(chunk([{ text: '' }], true)));
}

const FINISH_REASONS = {
  stop: 'STOP',
  stop_sequence: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  refusal: 'SAFETY',
} as const satisfies Record<Answer['finish'], string>;

function refusalMessage({ finish, refusal }: Answer): object {
  return finish === 'refusal' ? { finishMessage: refusal } : {};
}

/** The response with some of its parts; the last one tells how it ended and what it used. */
function createChunk(exchange: Exchange): (parts: object[], isLast: boolean) => object {
  const { prompt, answer, usage } = exchange;
  const responseId = exchange.mint('');
  const end = { finishReason: FINISH_REASONS[answer.finish], ...refusalMessage(answer) };
  return (parts, isLast) => ({
    candidates: Array.from({ length: prompt.choices }, (_, index) => ({
      content: { parts, role: 'model' },
      ...(isLast ? end : {}),
      index,
    })),
    ...(isLast ? { usageMetadata: encodeUsage(usage) } : {}),
    modelVersion: prompt.model,
    responseId,
  });
}

/** `promptTokenCount` includes the cached ones, `candidatesTokenCount` excludes thoughts. */
function encodeUsage({ tokens }: TokenUsage): object {
  const { cacheReadText: cached, reasoning } = tokens;
  return {
    promptTokenCount: totalInput(tokens),
    candidatesTokenCount: tokens.outText,
    totalTokenCount: totalInput(tokens) + totalOutput(tokens),
    promptTokensDetails: textDetails(totalInput(tokens)),
    ...(cached === 0
      ? {}
      : { cachedContentTokenCount: cached, cacheTokensDetails: textDetails(cached) }),
    ...(reasoning === 0 ? {} : { thoughtsTokenCount: reasoning }),
  };
}

function textDetails(tokenCount: number): object[] {
  return [{ modality: 'TEXT', tokenCount }];
}
