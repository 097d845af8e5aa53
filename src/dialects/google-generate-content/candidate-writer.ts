import type { AnswerTarget } from '../dialect.ts';
import type { Citation } from '../ir/chat-request.ts';
import type { BlockHead, Finish, StreamPart } from '../ir/stream-part.ts';
import type { JsonObject } from '../json-object.ts';
import { type BlockWriter, createBlockWriter, createCarrier } from './block-writers.ts';
import { encodeFinishReason } from './finish-reasons.ts';
import { type CitedPart, encodeGrounding } from './grounding.ts';

/** A piece of a candidate's answer. */
export type BlockPart = Extract<
  StreamPart,
  { type: 'block_start' | 'delta' | 'signature' | 'citation' | 'block_end' }
>;

/** Writes one candidate of an answer, block by block. */
export interface CandidateWriter {
  /** The wire's parts for a piece of the answer; a call is written whole. */
  write(part: BlockPart): JsonObject[];
  /** The end of the candidate: at least one part, and the members beside its content. */
  finish(finish: Finish): { parts: JsonObject[]; members: JsonObject };
}

/** The block that is being written. */
interface OpenBlock extends BlockWriter {
  head: BlockHead;
  text: string;
  citations: Citation[];
  parts: number;
}

/** A writer for one candidate. */
export function createCandidateWriter({ request }: AnswerTarget): CandidateWriter {
  const place = {
    carrier: createCarrier(),
    showsThoughts: (request.reasoning?.expose ?? 'none') !== 'none',
  };
  const cited: CitedPart[] = [];
  const queries: string[] = [];
  let open: OpenBlock | null = null;
  let partIndex = 0;

  const begin = (head: BlockHead): void => {
    open = { ...createBlockWriter(head, place), head, text: '', citations: [], parts: 0 };
    if (head.type === 'server_tool' && head.block.tool === 'web_search') {
      queries.push(head.block.query);
    }
  };
  const close = ({ head, text, citations, parts }: OpenBlock): void => {
    if (citations.length > 0) cited.push({ partIndex, text, citations });
    // A client that joins a stream expects the pieces of one text in one part.
    const isText = head.type === 'text' || head.type === 'reasoning' || head.type === 'refusal';
    partIndex += isText ? Math.min(parts, 1) : parts;
    open = null;
  };

  return {
    write(part) {
      if (part.type === 'block_start') begin(part.block);
      if (open === null) return [];
      const written = writePart(open, part);
      open.parts += written.length;
      if (part.type === 'block_end') close(open);
      return written;
    },
    finish(finish) {
      const groundingMetadata = encodeGrounding(cited, queries);
      return {
        // Without any part the SDK drops the whole turn from its history.
        parts: place.carrier.load({ text: '' }),
        members: {
          finishReason: encodeFinishReason(finish),
          ...(finish.detail !== undefined && { finishMessage: finish.detail }),
          ...(groundingMetadata && { groundingMetadata }),
        },
      };
    },
  };
}

function writePart(open: OpenBlock, part: BlockPart): JsonObject[] {
  switch (part.type) {
    case 'block_start':
      return [];
    case 'delta':
      open.text += part.text;
      return open.append(part.text);
    case 'signature':
      return open.sign(part.signature);
    case 'citation':
      open.citations.push(part.citation);
      return [];
    case 'block_end':
      return open.close();
  }
}
