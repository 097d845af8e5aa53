import { createChoiceTracker } from '../choice-tracker.ts';
import { type DataSpan, dataOf } from '../data-span.ts';
import { type JsonObject, parseObject } from '../json-object.ts';
import { beginsWith } from '../scan-json.ts';
import {
  createMemberScanner,
  createNameMatcher,
  integerAt,
  isNullMember,
  isObjectMember,
  isTextMember,
  type MetMember,
} from '../scan-members.ts';
import { createStreamReading, readStreamError } from '../stream-reading.ts';
import type { StreamTap } from '../wire-format.ts';
import { findChatError, findChatUsage, readChatUsage } from './usage.ts';

const DONE = '[DONE]';

const NO_ANSWER = { message: 'The upstream ended its stream without an answer.', type: undefined };

/**
 * A choice is at depth 3, its delta at 4, the members of a function call at 5 or 7. A text completion has
 * `text` at 3; Mistral's lists of content and of thinking have it at 6 and 8:
 * https://docs.mistral.ai/capabilities/reasoning/
 * Servers repeat their reasoning under another name, OpenRouter in a list with a `text` at 6:
 * https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
const names = createNameMatcher({
  counted: {
    content: [4],
    refusal: [4],
    name: [5, 7],
    arguments: [5, 7],
    input: [7],
    transcript: [5],
  },
  twins: { reasoning_content: [4], reasoning: [4], text: [3, 6, 8] },
  met: { index: [3], finish_reason: [3], usage: [1, 2, 3], error: [1], object: [1] },
  ignored: { obfuscation: [1] },
});

/** Reads a stream of chunks of chat completions or of text completions. */
export function createChatTap(): StreamTap {
  const reading = createStreamReading();
  const choices = createChoiceTracker('finish_reason');

  const meet = (member: MetMember): boolean => {
    switch (member.name) {
      case 'index':
        if (choices.see(integerAt(member))) reading.finished = false;
        return false;
      case 'finish_reason':
        return member.textBytes !== null;
      case 'usage':
        return isObjectMember(member);
      case 'error':
        return !isNullMember(member);
      default:
        return isTextMember(member, 'error');
    }
  };
  const scan = createMemberScanner(names, reading, meet);

  const readEvent = (event: JsonObject): void => {
    const report = findChatUsage(event);
    const usage = readChatUsage({ ...event, usage: report });
    if (usage !== null) {
      reading.usage = usage;
      reading.providerUsage = report;
    }
    if (choices.finish(event['choices'])) reading.finished = true;
    const error = findChatError(event);
    if (error !== undefined) reading.error ??= readStreamError(error);
  };

  const readEnd = (): void => {
    reading.terminal = true;
    // The end of nothing is no answer (FAI-1).
    if (reading.contentBytes === 0 && !reading.finished) reading.error ??= NO_ANSWER;
  };

  return {
    reading,
    push(event) {
      if (isDone(event)) readEnd();
      else if (scan(event)) readEvent(parseObject(dataOf(event)));
    },
  };
}

/** True for the event that ends a stream. */
export function isDone({ source, dataStart, dataEnd }: DataSpan): boolean {
  // An event without data cannot be [DONE]; its span is empty.
  return dataEnd - dataStart >= DONE.length && beginsWith(source, dataStart, DONE);
}
