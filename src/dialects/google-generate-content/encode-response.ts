import type { AnswerTarget } from '../dialect.ts';
import type { ChatResponse, ResponseChoice } from '../ir/chat-response.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { unfoldResponse } from '../ir/unfold-response.ts';
import type { JsonObject } from '../json-object.ts';
import { answerEnvelope, encodeCandidate } from './answer-envelope.ts';
import { type BlockPart, createCandidateWriter } from './candidate-writer.ts';
import { encodeUsage } from './encode-usage.ts';
import { encodeLogprobs } from './logprobs.ts';
import { readSignature } from './signatures.ts';

/** Writes a whole answer: each candidate is what its stream would add up to. */
export function encodeResponse(response: ChatResponse, target: AnswerTarget): JsonObject {
  const pieces = unfoldResponse(response).filter(isBlockPart);
  const { choices, usage, tier } = response;
  return {
    candidates: choices.map((choice, index) => {
      const own = pieces.filter((piece) => piece.choice === index);
      return encodeChoice(choice, own, { index, target });
    }),
    ...answerEnvelope(response, target),
    ...(usage && { usageMetadata: encodeUsage(usage, tier) }),
  };
}

function encodeChoice(
  { blocks, finish }: ResponseChoice,
  pieces: readonly BlockPart[],
  { index, target }: { index: number; target: AnswerTarget },
): JsonObject {
  const writer = createCandidateWriter(target);
  const spoken = pieces.flatMap((piece) => writer.write(piece));
  const { parts: last, members } = writer.finish(finish);
  const parts = joinParts([...spoken, ...last]);
  const logprobsResult = encodeLogprobs(blocks.flatMap(({ logprobs }) => logprobs ?? []));
  return encodeCandidate(index, parts, { ...members, ...(logprobsResult && { logprobsResult }) });
}

function isBlockPart(part: StreamPart): part is BlockPart {
  return 'choice' in part && part.type !== 'finish';
}

/** Moves state onto the part before it, and drops empty text if there is any other part. */
function joinParts(parts: readonly JsonObject[]): JsonObject[] {
  const joined: JsonObject[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const { text, thoughtSignature } = part;
    if (text !== '' || last === undefined) joined.push({ ...part });
    else if (isSignedBy(last, part)) last['thoughtSignature'] = thoughtSignature;
    else if (thoughtSignature !== undefined) joined.push(part);
  }
  return joined;
}

/** True if the second part is only the state of the first. */
function isSignedBy(last: JsonObject, { thought, thoughtSignature }: JsonObject): boolean {
  const isFree = last['text'] !== undefined && last['thoughtSignature'] === undefined;
  const isSameKind = last['thought'] === thought && thoughtSignature !== undefined;
  return isFree && isSameKind && readSignature(thoughtSignature)?.target !== 'next';
}
