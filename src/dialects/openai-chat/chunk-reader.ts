import type { AnswerSource } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asObjects, asText, type JsonObject } from '../json-object.ts';
import { readStreamError } from '../stream-reading.ts';
import { fitToolId } from '../tool-ids.ts';
import { type ChoiceReader, createChoiceReader } from './choice-reader.ts';
import { findChatError, findChatUsage, readChatUsage } from './usage.ts';

/** Reads chunks of a chat completion, or a whole one as a single chunk. */
export interface ChunkReader {
  read(chunk: JsonObject): StreamPart[];
  /**
   * The remaining parts. `isComplete`: the upstream said that nothing follows; otherwise only choices with a
   * finish reason end. A second call returns nothing.
   */
  end(isComplete: boolean): StreamPart[];
}

/** A reader for one answer. */
export function createChunkReader(source: AnswerSource): ChunkReader {
  const choices = new Map<number, ChoiceReader>();
  /** Undefined before the first chunk with content of an answer. */
  let id: string | undefined;
  let usage: (StreamPart & { type: 'usage' }) | undefined;
  let tier: string | undefined;
  let isOver = false;

  const choiceAt = (index: number): ChoiceReader => {
    const known = choices.get(index);
    if (known) return known;
    const choice = createChoiceReader({
      choice: index,
      source,
      // Hashed: the plain text would not be a valid id.
      mintId: (call) => fitToolId(`${id ?? ''} ${index} ${call}`, 'openai-chat'),
    });
    choices.set(index, choice);
    return choice;
  };

  const readUsage = (chunk: JsonObject): void => {
    tier = asText(chunk['service_tier']) ?? tier;
    const report = readChatUsage({ usage: findChatUsage(chunk), service_tier: tier });
    if (report !== null) usage = { type: 'usage', usage: report, tier };
  };

  return {
    read(chunk) {
      if (isOver) return [];
      const error = findChatError(chunk);
      if (error !== undefined) {
        isOver = true;
        const { message, type: kind } = readStreamError(error);
        return [{ type: 'error', message, kind }];
      }
      readUsage(chunk);
      const parts: StreamPart[] = [];
      if (id === undefined && isTelling(chunk)) {
        id = asText(chunk['id']) ?? '';
        parts.push(readStart(chunk));
      }
      for (const choice of asObjects(chunk['choices'])) {
        parts.push(...choiceAt(indexOf(choice)).read(choice));
      }
      return parts;
    },
    end(isComplete) {
      if (isOver) return [];
      isOver = true;
      if (isComplete) choiceAt(0);
      const finished = [...choices.values()].filter((each) => isComplete || each.isFinished);
      return [
        ...finished.flatMap((choice) => choice.end()),
        ...(usage === undefined ? [] : [usage]),
        ...finished.map((choice) => choice.finish()),
      ];
    },
  };
}

/** Azure's first chunk has only the results of its prompt filter, and an empty id. */
function isTelling(chunk: JsonObject): boolean {
  return asText(chunk['id']) !== undefined || asObjects(chunk['choices']).length > 0;
}

function readStart({ id, model, created }: JsonObject): StreamPart {
  const createdAt = typeof created === 'number' && created > 0 ? created : undefined;
  return { type: 'start', id: asText(id), model: asText(model), createdAt };
}

function indexOf(choice: JsonObject): number {
  const { index } = choice;
  return typeof index === 'number' && index >= 0 ? index : 0;
}
