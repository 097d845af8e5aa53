import type { AnswerTarget, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { type ChoicePiece, type ChoiceWriter, createChoiceWriter } from './choice-writer.ts';
import { emptyAnswer, explainsSilence } from './empty-answer.ts';
import { encodeHead } from './encode-head.ts';
import { encodeChatUsage } from './encode-usage.ts';

/**
 * Writes a stream of chunks: `data` events alone, ended by `[DONE]` where the answer is whole. Throws 502
 * at the end of one that is empty for no reason.
 */
export function createChatStreamEncoder(target: AnswerTarget): StreamStep<StreamPart, string> {
  const { includeUsage } = target.request;
  const writers = new Map<number, ChoiceWriter>();
  const open = new Set<number>();
  let head: JsonObject = {};
  let usage: JsonObject | undefined;
  let isBroken = false;
  let isEmpty = true;

  const writeChunk = (choices: JsonObject[]): string =>
    writeEvent(JSON.stringify({ ...head, choices, ...(includeUsage && { usage: null }) }));
  const writePiece = (index: number, piece: ChoicePiece): string =>
    writeChunk([{ index, ...piece }]);

  /** Each choice begins with its role. */
  const writerOf = (index: number, events: string[]): ChoiceWriter => {
    const known = writers.get(index);
    if (known) return known;
    const writer = createChoiceWriter(target);
    writers.set(index, writer);
    open.add(index);
    const delta = { role: 'assistant', content: '' };
    events.push(writePiece(index, { delta, finish_reason: null }));
    return writer;
  };

  const finish = ({ choice, finish: how }: StreamPart & { type: 'finish' }): void => {
    open.delete(choice);
    if (explainsSilence(how)) isEmpty = false;
    if (isEmpty && open.size === 0) throw emptyAnswer();
  };

  return {
    push(part) {
      const events: string[] = [];
      if (part.type === 'start') {
        head = encodeHead(part, 'chat.completion.chunk', target);
        writerOf(0, events);
      }
      if (part.type === 'error') isBroken = true;
      if (part.type === 'usage') usage = encodeChatUsage(part.usage);
      if (!('choice' in part)) return events;
      const pieces = writerOf(part.choice, events).write(part);
      if (part.type === 'block_start') isEmpty = false;
      if (part.type === 'finish') finish(part);
      return [...events, ...pieces.map((piece) => writePiece(part.choice, piece))];
    },
    end() {
      if (isBroken || writers.size === 0 || open.size > 0) return [];
      const done = writeEvent('[DONE]');
      if (!includeUsage || usage === undefined) return [done];
      return [writeEvent(JSON.stringify({ ...head, choices: [], usage })), done];
    },
  };
}

function writeEvent(json: string): string {
  return `data: ${json}\n\n`;
}
