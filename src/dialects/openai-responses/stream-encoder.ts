import type { AnswerTarget, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { createAnswerWriter } from './answer-writer.ts';
import type { OutputEvent } from './output-items.ts';

/** Writes a stream of the Responses API, whose events are numbered without a gap. */
export function streamEncoder(target: AnswerTarget): StreamStep<StreamPart, string> {
  const writer = createAnswerWriter(target);
  let sequence_number = 0;

  const write = (event: OutputEvent): string => {
    // The number is inserted into the text: copying every event would cost more than serializing it.
    const text = `${JSON.stringify(event).slice(0, -1)},"sequence_number":${sequence_number}}`;
    sequence_number += 1;
    return `event: ${event.type}\ndata: ${text}\n\n`;
  };

  return {
    push: (part) => writer.push(part).map(write),
    end: () => writer.end().map(write),
  };
}
