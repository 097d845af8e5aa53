import { dataOf } from '../data-span.ts';
import { asObject, type JsonObject, mergeKnown, parseObject } from '../json-object.ts';
import {
  createMemberScanner,
  createNameMatcher,
  isNullMember,
  isObjectMember,
  isTextMember,
  type MetMember,
} from '../scan-members.ts';
import { createStreamReading, readStreamError } from '../stream-reading.ts';
import type { StreamTap } from '../wire-format.ts';
import { readMessageUsage } from './usage.ts';

/**
 * Blocks and deltas are at depth 2; texts of citations and of tool results are deeper. A call's name counts as
 * content, because a call may consist of nothing else.
 */
const names = createNameMatcher({
  counted: { text: [2], thinking: [2], partial_json: [2], name: [2], content: [2] },
  met: { type: [1], usage: [1, 2], error: [1] },
});

/** Reads a stream of Anthropic message events. */
export function createMessagesTap(): StreamTap {
  const reading = createStreamReading();
  const report: JsonObject = {};

  const meet = (member: MetMember): boolean => {
    switch (member.name) {
      case 'type':
        // Clients wait for it even after the stop reason, so nothing else finishes a stream.
        if (isTextMember(member, 'message_stop')) reading.terminal = reading.finished = true;
        return false;
      case 'usage':
        return isObjectMember(member);
      default:
        return !isNullMember(member);
    }
  };
  const scan = createMemberScanner(names, reading, meet);

  const readEvent = ({ message, usage, error }: JsonObject): void => {
    mergeKnown(report, asObject(asObject(message)['usage']));
    // The counts of a `message_delta` are cumulative: they replace the earlier ones.
    mergeKnown(report, asObject(usage));
    reading.usage = readMessageUsage({ usage: report });
    reading.providerUsage = reading.usage === null ? undefined : report;
    if (error !== undefined && error !== null) reading.error ??= readStreamError(error);
  };

  return {
    reading,
    push(event) {
      if (scan(event)) readEvent(parseObject(dataOf(event)));
    },
  };
}
