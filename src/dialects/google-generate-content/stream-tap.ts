import { createChoiceTracker } from '../choice-tracker.ts';
import { dataOf } from '../data-span.ts';
import { isObject, type JsonObject, mergeKnown, parseObject } from '../json-object.ts';
import {
  createMemberScanner,
  createNameMatcher,
  integerAt,
  isNullMember,
  type MetMember,
  objectAt,
} from '../scan-members.ts';
import { createStreamReading, readStreamError } from '../stream-reading.ts';
import type { StreamTap } from '../wire-format.ts';
import { readGenerateUsage } from './usage.ts';

/** `candidates[].content.parts[]` is at depth 6; grounding and citations have texts at other depths. */
const names = createNameMatcher({
  counted: { text: [6], code: [7] },
  met: {
    functionCall: [6],
    inlineData: [6],
    index: [3],
    finishReason: [3],
    promptFeedback: [1],
    usageMetadata: [1],
    error: [1],
  },
});

/** Reads a stream of Gemini answers, each of which has the next parts and the usage so far. */
export function createGenerateTap(): StreamTap {
  const reading = createStreamReading();
  const candidates = createChoiceTracker('finishReason');
  const report: JsonObject = {};

  const meet = (member: MetMember): boolean => {
    switch (member.name) {
      case 'functionCall':
        reading.contentBytes += objectAt(member).length;
        // Counted by hand, so it must be seen each time: such events are always parsed.
        return true;
      case 'inlineData':
        reading.hasMedia = true;
        return false;
      case 'index':
        if (candidates.see(integerAt(member))) reading.finished = false;
        return false;
      case 'usageMetadata':
        readUsage(parseObject(objectAt(member)));
        return false;
      default:
        return !isNullMember(member);
    }
  };

  const readUsage = (update: JsonObject): void => {
    mergeKnown(report, update);
    reading.usage = readGenerateUsage({ usageMetadata: report });
    reading.providerUsage = reading.usage === null ? undefined : report;
  };

  const readEvent = (event: JsonObject): void => {
    const { candidates: answers, promptFeedback, error } = event;
    // A blocked prompt is answered with feedback instead of candidates.
    const isBlocked = isObject(promptFeedback) && answers === undefined;
    if (candidates.finish(answers) || isBlocked) reading.finished = true;
    if (error !== undefined && error !== null) reading.error ??= readStreamError(error);
  };

  const scan = createMemberScanner(names, reading, meet);

  return {
    reading,
    push(event) {
      if (scan(event)) readEvent(parseObject(dataOf(event)));
    },
  };
}
