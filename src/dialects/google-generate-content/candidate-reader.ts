import type { AnswerSource } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { decodeFinish } from './finish-reasons.ts';
import { createGrounding } from './grounding.ts';
import { decodeLogprobs } from './logprobs.ts';
import {
  type BlockSource,
  loneState,
  type OpenBlock,
  openCall,
  openServerTool,
  openText,
  wholeCall,
  wholeImage,
} from './open-blocks.ts';
import { isServerPart } from './server-parts.ts';

/** Reads one candidate of an answer, which comes in one or in many pieces. */
export interface CandidateReader {
  read(candidate: JsonObject): StreamPart[];
  /** True after its finish reason; parts may still follow. */
  isFinished(): boolean;
  /** Ends the candidate: nothing more comes. */
  end(): StreamPart[];
}

/** A reader for the candidate of that index. */
export function createCandidateReader(choice: number, answer: AnswerSource): CandidateReader {
  const grounding = createGrounding();
  const source: BlockSource = { ...answer, choice, grounding };
  let open: OpenBlock | null = null;
  let hasCalls = false;
  let reason: string | undefined;
  let message: string | undefined;

  const close = (): StreamPart[] => {
    const parts = open?.close() ?? [];
    open = null;
    return parts;
  };
  const begin = (part: JsonObject, logprobs: unknown[] | undefined): StreamPart[] => {
    if (isServerPart(part)) {
      open = openServerTool(part, source);
      return [];
    }
    if (part['functionCall'] !== undefined) {
      if (asObject(part['functionCall'])['willContinue'] !== true) return wholeCall(part, source);
      open = openCall(part, source);
      return [];
    }
    if (part['inlineData'] !== undefined) return wholeImage(part, source);
    if (asText(part['text']) === undefined) return loneState(part, source);
    const { block, head } = openText(part, source);
    open = block;
    return [head, ...(block.take(part, logprobs) ?? [])];
  };
  const readPart = (part: JsonObject, logprobs: unknown[] | undefined): StreamPart[] => {
    hasCalls ||= part['functionCall'] !== undefined;
    // Many streams end with an empty text.
    if (part['text'] === '' && part['thoughtSignature'] === undefined) return [];
    return open?.take(part, logprobs) ?? [...close(), ...begin(part, logprobs)];
  };

  return {
    read(candidate) {
      grounding.read(candidate);
      reason = asText(candidate['finishReason']) ?? reason;
      message = asText(candidate['finishMessage']) ?? message;
      const parts = asObjects(asObject(candidate['content'])['parts']);
      const spoken = parts.findLast((part) => asText(part['text']) && part['thought'] !== true);
      const logprobs = decodeLogprobs(candidate['logprobsResult']);
      return parts.flatMap((part) => readPart(part, part === spoken ? logprobs : undefined));
    },
    isFinished: () => reason !== undefined,
    end: () => [
      ...close(),
      { type: 'finish', choice, finish: decodeFinish({ reason, message, hasCalls }) },
    ],
  };
}
