import { dataOf } from './data-span.ts';
import { type JsonObject, parseObject } from './json-object.ts';
import {
  createMemberScanner,
  createNameMatcher,
  isNullMember,
  isTextMember,
  type MetMember,
} from './scan-members.ts';
import { createStreamReading, readStreamError } from './stream-reading.ts';
import type { StreamReading, StreamTap } from './wire-format.ts';

/** How the streams of one API end. */
interface StreamEnd {
  /** Types of the events that end a stream. */
  types: readonly string[];
  /** What such an event reports, beside that the stream is finished. */
  read(data: Buffer, type: string): Partial<StreamReading>;
}

const names = createNameMatcher({
  counted: { delta: [1] },
  met: { type: [1], error: [1], audio: [1], b64_json: [1], partial_image_b64: [1] },
  ignored: { sequence_number: [1], obfuscation: [1] },
});

/** Reads OpenAI's streams of typed events, where text of every kind comes as an event's `delta`. */
export function createOpenAiEventTap({ types, read }: StreamEnd): StreamTap {
  const reading = createStreamReading();
  const noteworthyTypes = ['error', ...types];
  let type: string | undefined;

  const meet = (member: MetMember): boolean => {
    switch (member.name) {
      case 'error':
        return !isNullMember(member);
      case 'type':
        type = noteworthyTypes.find((noteworthy) => isTextMember(member, noteworthy));
        return type !== undefined;
      default:
        reading.hasMedia = true;
        return false;
    }
  };
  const scan = createMemberScanner(names, reading, meet);

  const readError = (event: JsonObject): void => {
    // The `error` event is documented flat, and also comes with an object inside.
    reading.error ??= readStreamError(event['error'] ?? { ...event, type: undefined });
  };

  const readEnd = (end: Partial<StreamReading>): void => {
    const error = reading.error ?? end.error ?? null;
    Object.assign(reading, { terminal: true, finished: true }, end, { error });
  };

  return {
    reading,
    push(event) {
      type = undefined;
      if (!scan(event)) return;
      const data = dataOf(event);
      if (type === undefined || type === 'error') readError(parseObject(data));
      else readEnd(read(data, type));
    },
  };
}
