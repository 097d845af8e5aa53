import type { AnswerSource, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { parseWire } from '../raw-json.ts';
import type { EventData } from '../wire-format.ts';
import { createAnswerReader } from './answer-reader.ts';

/** Reads a stream of answers, each with the next parts and the usage so far. */
export function createStreamDecoder(source: AnswerSource): StreamStep<EventData, StreamPart> {
  const reader = createAnswerReader(source, { isWhole: false });
  return {
    push({ data }) {
      const answer = parseEvent(data);
      return answer === null ? [] : reader.read(answer);
    },
    end: () => reader.end(),
  };
}

/** Null for what is no answer, such as the `[DONE]` of gateways. */
function parseEvent(data: Buffer): JsonObject | null {
  try {
    return parseWire(data);
  } catch {
    return null;
  }
}
