import type { AnswerTarget, StreamStep } from '../dialect.ts';
import type { Finish, StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { stringifyWire } from '../raw-json.ts';
import type { Framing } from '../stream-events.ts';
import { answerEnvelope, encodeCandidate } from './answer-envelope.ts';
import { type BlockPart, type CandidateWriter, createCandidateWriter } from './candidate-writer.ts';
import { encodeUsage } from './encode-usage.ts';
import { encodeLogprobs } from './logprobs.ts';

/**
 * Writes a stream of answers, each with the next parts. The last one has the finish reasons and the usage; a
 * stream that broke off has neither.
 */
export function createStreamEncoder(target: AnswerTarget): StreamStep<StreamPart, string> {
  const frame = createFrame(target.framing);
  const writers = new Map<number, CandidateWriter>();
  const finishes = new Map<number, Finish>();
  let envelope: JsonObject | undefined;
  let usageMetadata: JsonObject | undefined;
  let isOver = false;

  const writerOf = (choice: number): CandidateWriter => {
    const known = writers.get(choice) ?? createCandidateWriter(target);
    writers.set(choice, known);
    return known;
  };
  const writeAnswer = (members: JsonObject): string => {
    envelope ??= answerEnvelope({ id: undefined, model: undefined }, target);
    return frame.write(stringifyWire({ ...members, ...envelope }));
  };
  const writeBlock = (part: BlockPart): string[] => {
    const logprobsResult = part.type === 'delta' ? encodeLogprobs(part.logprobs) : undefined;
    const parts = writerOf(part.choice).write(part);
    if (parts.length === 0) return [];
    const members = logprobsResult && { logprobsResult };
    return [writeAnswer({ candidates: [encodeCandidate(part.choice, parts, members)] })];
  };

  return {
    push(part) {
      switch (part.type) {
        case 'start':
          envelope ??= answerEnvelope(part, target);
          return [];
        case 'usage':
          usageMetadata = encodeUsage(part.usage, part.tier);
          return [];
        case 'finish':
          finishes.set(part.choice, part.finish);
          return [];
        case 'error':
          isOver = true;
          return [];
        case 'ping':
          return [];
        default:
          return isOver ? [] : writeBlock(part);
      }
    },
    end() {
      if (isOver || finishes.size === 0) return [];
      isOver = true;
      const candidates = [...finishes].map(([choice, finish]) => {
        const { parts, members } = writerOf(choice).finish(finish);
        return encodeCandidate(choice, parts, members);
      });
      return [writeAnswer({ candidates, ...(usageMetadata && { usageMetadata }) }), ...frame.end()];
    },
  };
}

/** Events end with a blank line; elements of an array are separated by commas inside brackets. */
function createFrame(framing: Framing): { write(json: string): string; end(): string[] } {
  if (framing === 'sse') return { write: (json) => `data: ${json}\r\n\r\n`, end: () => [] };
  let count = 0;
  return {
    write(json) {
      count += 1;
      return `${count === 1 ? '[' : ',\n'}${json}`;
    },
    end: () => ['\n]'],
  };
}
