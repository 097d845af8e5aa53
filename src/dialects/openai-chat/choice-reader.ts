import { countCodePoints } from '../count-code-points.ts';
import type { AnswerSource } from '../dialect.ts';
import type { BlockHead, StreamPart } from '../ir/stream-part.ts';
import { asObject, asObjects, asText, isObject, type JsonObject } from '../json-object.ts';
import { type BlockRow, createBlockRow, type RowBlock } from './block-row.ts';
import { decodeAnnotations } from './citations.ts';

import { decodeFinish } from './finish-reasons.ts';
import { readImages, readWords, type Words } from './read-delta.ts';
import { mergeDetails, stateOfDetails } from './reasoning-details.ts';
import { createToolCallReader } from './tool-call-reader.ts';

/** Reads one choice of an answer, chunk by chunk. */
export interface ChoiceReader {
  /** Takes in a choice of a chunk; what may go out of it already. */
  read(choice: JsonObject): StreamPart[];
  /** The upstream said why the choice ended. */
  readonly isFinished: boolean;
  /** What is left, without the finish. */
  end(): StreamPart[];
  finish(): StreamPart;
}

interface ChoiceContext {
  choice: number;
  source: AnswerSource;
  /** An id for the n-th call, for servers that give none. */
  mintId(call: number): string;
}

/** A reader for the choice of that index. */
export function createChoiceReader({ choice, source, mintId }: ChoiceContext): ChoiceReader {
  const row = createBlockRow(choice);
  const calls = createToolCallReader({ source, row, mintId });
  const reasoning = createReasoningReader(row, source.family);
  /** Where the last block of text begins in the message. */
  let textStart = 0;
  let textBlock: RowBlock | undefined;
  let refusal: string | undefined;
  let reason: string | undefined;

  const blockFor = (type: Words['type']): RowBlock => {
    const last = row.last();
    if (last?.head?.type === type) return last;
    if (type === 'reasoning') return reasoning.begin('raw');
    const block = row.begin({ type });
    if (type !== 'text') return block;
    textStart += textBlock ? countCodePoints(textBlock.text) : 0;
    textBlock = block;
    return block;
  };

  const say = ({ type, text }: Words, logprobs: unknown[] | undefined): void => {
    row.append(blockFor(type), text, type === 'reasoning' ? undefined : logprobs);
    if (type === 'refusal') refusal = (refusal ?? '') + text;
  };

  const readDelta = (delta: JsonObject, logprobs: unknown): void => {
    const words = readWords(delta);
    const answer = words.findLast(({ type }) => type !== 'reasoning');
    for (const each of words) say(each, each === answer ? readLogprobs(logprobs) : undefined);
    reasoning.sign(delta['reasoning_details']);
    for (const head of readImages(delta)) row.begin(head);
    const citations = decodeAnnotations(delta['annotations'], textStart);
    textBlock?.citations.push(...citations);
    calls.read(delta);
  };

  return {
    read({ delta, message, logprobs, finish_reason }) {
      reason = asText(finish_reason) ?? reason;
      // A message is a delta that says everything at once.
      readDelta(asObject(isObject(delta) ? delta : message), logprobs);
      return row.take();
    },
    get isFinished() {
      return reason !== undefined;
    },
    end: () => row.end(),
    finish: () => ({
      type: 'finish',
      choice,
      finish: decodeFinish(reason, { calledTools: calls.count > 0, refusal, isEmpty: row.isEmpty }),
    }),
  };
}

type ReasoningKind = Extract<BlockHead, { type: 'reasoning' }>['kind'];

/** Keeps what OpenRouter sends beside reasoning with the block that it was sent for. */
function createReasoningReader(row: BlockRow, family: string) {
  let block: RowBlock | undefined;
  let items: JsonObject[] = [];
  const begin = (kind: ReasoningKind): RowBlock => {
    items = [];
    block = row.begin({ type: 'reasoning', kind });
    return block;
  };
  return {
    begin,
    sign(details: unknown): void {
      if (asObjects(details).length === 0) return;
      // State that comes behind the answer's words has a block of its own.
      const isOver = block === undefined || row.last() !== block;
      const signed = isOver ? begin('redacted') : block;
      mergeDetails(items, details);
      if (signed) signed.signature = stateOfDetails(items, family);
    },
  };
}

function readLogprobs(logprobs: unknown): unknown[] | undefined {
  const { content, refusal } = asObject(logprobs);
  const tokens = content ?? refusal;
  return Array.isArray(tokens) && tokens.length > 0 ? tokens : undefined;
}
