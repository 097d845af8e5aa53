import type { TokenUsage } from '../../core/token-usage.ts';
import {
  type Answer,
  bytesOfAnswer,
  composeAnswer,
  type SentBytes,
  usageOfSent,
} from '../compose-answer.ts';
import type { Frame } from '../frame.ts';
import type { JsonObject } from '../json-object.ts';
import { readOverrides } from '../overrides.ts';
import type { Prompt } from '../prompt.ts';
import type { SimulatorError } from '../simulator-error.ts';
import { type Call, type PreparedCall, wholeJson } from './handler.ts';

/** An answered prompt, ready to be encoded. */
export interface Exchange {
  prompt: Prompt;
  answer: Answer;
  usage: TokenUsage;
  /** The request's body, for dialects that echo it. */
  body: JsonObject;
  mint: (prefix: string) => string;
}

/** How a dialect writes an answer: whole, event by event, or as an error inside a stream. */
export interface AnswerWriter {
  streamType: string;
  whole(exchange: Exchange): object;
  frames(exchange: Exchange): Iterable<Frame>;
  errorWire(error: SimulatorError, requestId: string): string;
}

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Answers a prompt in the writer's dialect. */
export function answerPrompt(call: Call, prompt: Prompt, writer: AnswerWriter): PreparedCall {
  const overrides = readOverrides(prompt.userText, call.headers);
  return {
    model: prompt.model,
    overrides,
    reply() {
      const answer = composeAnswer(prompt, overrides, call);
      const input = call.cache.read(prompt.model, prompt.parts);
      const bytes = bytesOfAnswer(answer, prompt.choices);
      const usageOf = (sent: SentBytes): TokenUsage => usageOfSent(input, sent);
      const usage = usageOf(bytes);
      const exchange = { prompt, answer, usage, body: call.body, mint: call.mint };
      if (!prompt.stream) return wholeJson(writer.whole(exchange), usage);
      return {
        kind: 'stream',
        contentType: writer.streamType,
        frames: writer.frames(exchange),
        contentBytes: bytes.output + bytes.reasoning,
        usageOf,
        errorWire: writer.errorWire,
      };
    },
  };
}
