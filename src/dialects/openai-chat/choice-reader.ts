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
  /** Reads the choice of a chunk; returns the parts that may be sent already. */
  read(choice: JsonObject): StreamPart[];
  /** The upstream said why the choice ended. */
  readonly isFinished: boolean;
  /** The remaining parts, without the finish. */
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
  /** Offset of the last text block in the message. */
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
      // A message is a delta that holds everything at once.
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

/** Collects the state that OpenRouter sends beside reasoning, and signs the block that it belongs to. */
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
      // State that arrives after the answer's text gets a block of its own.
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
