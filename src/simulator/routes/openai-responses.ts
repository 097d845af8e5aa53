import { sse } from '../frame.ts';
import { encodeResponsesError } from '../simulator-error.ts';
import { type AnswerWriter, answerPrompt, EVENT_STREAM } from './answer-prompt.ts';
import type { Call, PreparedCall } from './handler.ts';
import { readResponsesPrompt } from './read-responses-prompt.ts';
import { writeResponsesEvents } from './responses-events.ts';
import { createResponseSnapshot, makeOutputItems } from './responses-snapshot.ts';

/** `POST /responses`: https://platform.openai.com/docs/api-reference/responses */
export function answerResponse(call: Call): PreparedCall {
  return answerPrompt(call, readResponsesPrompt(call.body), writer);
}

const writer: AnswerWriter = {
  streamType: EVENT_STREAM,
  whole: (exchange) => createResponseSnapshot(exchange)(makeOutputItems(exchange), exchange.usage),
  frames: writeResponsesEvents,
  errorWire: (error) => sse(encodeResponsesError(error), 'error'),
};
