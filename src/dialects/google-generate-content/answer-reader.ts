import type { AnswerSource } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asObjects, asText, isObject, type JsonObject, mergeKnown } from '../json-object.ts';
import { readStreamError } from '../stream-reading.ts';
import { type CandidateReader, createCandidateReader } from './candidate-reader.ts';
import { blockedFinish } from './finish-reasons.ts';
import { readGenerateUsage } from './usage.ts';

/** Reads an answer; each piece of a stream has the form of a whole answer. */
export interface AnswerReader {
  read(answer: JsonObject): StreamPart[];
  /**
   * The parts that are certain only at the end: usage, and the finish reason, because calls may come late
   * (X-27).
   */
  end(): StreamPart[];
}

/** A reader for one answer; a whole answer has ended even if it has no finish reason. */
export function createAnswerReader(
  source: AnswerSource,
  { isWhole }: { isWhole: boolean },
): AnswerReader {
  const candidates = new Map<number, CandidateReader>();
  const report: JsonObject = {};
  let blocked: StreamPart | null = null;
  let state: 'waiting' | 'open' | 'broken' = 'waiting';

  const candidateAt = (index: number): CandidateReader => {
    const known = candidates.get(index) ?? createCandidateReader(index, source);
    candidates.set(index, known);
    return known;
  };
  const endings = (): StreamPart[] => {
    if (candidates.size === 0 && blocked !== null) return [blocked];
    // A whole answer without a candidate is still an answer.
    if (isWhole && candidates.size === 0) candidateAt(0);
    return [...candidates.values()].flatMap((candidate) =>
      isWhole || candidate.isFinished() ? candidate.end() : [],
    );
  };

  return {
    read(answer) {
      if (state === 'broken') return [];
      if (answer['error'] !== undefined && answer['error'] !== null) {
        state = 'broken';
        const { message, type } = readStreamError(answer['error']);
        return [{ type: 'error', message, kind: type }];
      }
      const start = state === 'waiting' ? [decodeStart(answer)] : [];
      state = 'open';
      if (isObject(answer['usageMetadata'])) mergeKnown(report, answer['usageMetadata']);
      blocked = decodeBlock(answer) ?? blocked;
      const parts = asObjects(answer['candidates']).flatMap((candidate) =>
        candidateAt(readIndex(candidate)).read(candidate),
      );
      return [...start, ...parts];
    },
    end() {
      if (state === 'broken') return [];
      const parts = endings();
      const usage = readGenerateUsage({ usageMetadata: report });
      if (usage === null || parts.length === 0) return parts;
      const tier = usage.tier === 'standard' ? 'default' : usage.tier;
      return [...parts, { type: 'usage', usage, tier }];
    },
  };
}

/** More candidates than any model gives; a larger index is ignored. */
const MAX_CANDIDATES = 128;

function readIndex({ index }: JsonObject): number {
  return typeof index === 'number' && index > 0 && index < MAX_CANDIDATES ? Math.floor(index) : 0;
}

function decodeStart({ responseId, modelVersion, createTime }: JsonObject): StreamPart {
  const milliseconds = Date.parse(String(createTime));
  return {
    type: 'start',
    id: asText(responseId),
    model: asText(modelVersion),
    createdAt: Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000),
  };
}

/** A blocked prompt is answered with feedback instead of candidates. */
function decodeBlock({ promptFeedback }: JsonObject): StreamPart | null {
  if (!isObject(promptFeedback)) return null;
  const { blockReason, blockReasonMessage } = promptFeedback;
  const finish = blockedFinish(asText(blockReason), asText(blockReasonMessage));
  return { type: 'finish', choice: 0, finish };
}
