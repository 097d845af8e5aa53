import { type TokenUsage, totalOutput } from '../../core/token-usage.ts';
import type { Answer } from '../compose-answer.ts';
import { type Frame, frame, sse } from '../frame.ts';
import { encodeError } from '../simulator-error.ts';
import { type AnswerWriter, answerPrompt, EVENT_STREAM, type Exchange } from './answer-prompt.ts';
import { encodeBlock, makeBlocks, writeBlock } from './anthropic-blocks.ts';
import type { Call, PreparedCall } from './handler.ts';
import { readMessagesPrompt } from './read-messages-prompt.ts';
import { requireValue } from './require-field.ts';

/** `POST /messages`: https://docs.claude.com/en/api/messages */
export function answerMessage(call: Call): PreparedCall {
  const prompt = readMessagesPrompt(call.body);
  requireValue(call.body, 'max_tokens');
  return answerPrompt(call, prompt, writer);
}

const writer: AnswerWriter = {
  streamType: EVENT_STREAM,
  whole: encodeMessage,
  frames: writeEvents,
  errorWire: (error, requestId) => sse(encodeError('anthropic', error, requestId), 'error'),
};

function encodeMessage(exchange: Exchange): object {
  return {
    ...openMessage(exchange),
    content: makeBlocks(exchange).map(encodeBlock),
    ...encodeStop(exchange.answer),
    usage: encodeUsage(exchange.usage),
  };
}

function* writeEvents(exchange: Exchange): Generator<Frame> {
  const usage = encodeUsage(exchange.usage);
  // The input is known at the start, and one output token is always reported there.
  const opening = { ...usage, output_tokens: 1, output_tokens_details: null };
  yield frame(event('message_start', { message: { ...openMessage(exchange), usage: opening } }));
  yield frame(event('ping', {}));
  for (const [index, block] of makeBlocks(exchange).entries()) {
    yield* writeBlock(block, (type, fields) => event(type, { index, ...fields }));
  }
  // Usage is cumulative: it repeats the input beside the final output.
  const delta = { ...encodeStop(exchange.answer), container: null };
  yield frame(event('message_delta', { delta, usage }));
  yield frame(event('message_stop', {}));
}

function event(type: string, fields: object): string {
  return sse({ type, ...fields }, type);
}

/** The message as it stands before its first block. */
function openMessage({ prompt, mint }: Exchange): object {
  return {
    id: mint('msg_'),
    type: 'message',
    role: 'assistant',
    model: prompt.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
  };
}

const STOP_REASONS = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  refusal: 'refusal',
} as const satisfies Record<Answer['finish'], string>;

function encodeStop({ finish, refusal, stopSequence }: Answer): object {
  const details = { type: 'refusal', category: null, explanation: refusal };
  return {
    stop_reason: STOP_REASONS[finish],
    stop_sequence: stopSequence,
    stop_details: finish === 'refusal' ? details : null,
  };
}

/** `input_tokens` excludes what was read from and written to the cache. */
function encodeUsage({ tokens }: TokenUsage): object {
  const { cacheWrite5m, cacheWrite1h, reasoning } = tokens;
  return {
    input_tokens: tokens.inText,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: tokens.cacheReadText,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWrite5m,
      ephemeral_1h_input_tokens: cacheWrite1h,
    },
    output_tokens: totalOutput(tokens),
    output_tokens_details: reasoning === 0 ? null : { thinking_tokens: reasoning },
    server_tool_use: null,
    service_tier: 'standard',
    inference_geo: null,
    speed: null,
  };
}
