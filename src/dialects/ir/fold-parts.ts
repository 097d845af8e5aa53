import type { ChatResponse, ResponseBlock, ResponseChoice } from './chat-response.ts';
import type { Finish, StreamPart } from './stream-part.ts';

/** The finish of an answer whose upstream gave no reason. */
const UNKNOWN_FINISH: Finish = {
  reason: 'other',
  stopSequence: undefined,
  raw: undefined,
  detail: undefined,
};

/** Folds stream parts into a whole answer, so that both kinds take one path. Pings are skipped. */
export function foldParts(parts: readonly StreamPart[]): ChatResponse {
  const response: ChatResponse = {
    id: undefined,
    model: undefined,
    createdAt: undefined,
    choices: [],
    usage: undefined,
    tier: undefined,
  };
  for (const part of parts) foldPart(response, part);
  if (response.choices.length === 0) choiceAt(response, 0);
  return response;
}

function foldPart(response: ChatResponse, part: StreamPart): void {
  switch (part.type) {
    case 'start':
      response.id = part.id;
      response.model = part.model;
      response.createdAt = part.createdAt;
      return;
    case 'usage':
      response.usage = part.usage;
      response.tier = part.tier;
      return;
    case 'finish':
      choiceAt(response, part.choice).finish = part.finish;
      return;
    case 'block_start':
      choiceAt(response, part.choice).blocks.push({
        head: part.block,
        text: '',
        signature: undefined,
        citations: [],
        logprobs: undefined,
      });
      return;
    case 'delta':
    case 'signature':
    case 'citation':
      foldIntoBlock(choiceAt(response, part.choice).blocks.at(-1), part);
      return;
    default:
      return;
  }
}

function foldIntoBlock(block: ResponseBlock | undefined, part: StreamPart): void {
  if (block === undefined) return;
  if (part.type === 'signature') block.signature = part.signature;
  if (part.type === 'citation') block.citations.push(part.citation);
  if (part.type !== 'delta') return;
  block.text += part.text;
  if (part.logprobs) block.logprobs = [...(block.logprobs ?? []), ...part.logprobs];
}

function choiceAt(response: ChatResponse, index: number): ResponseChoice {
  while (response.choices.length <= index) {
    response.choices.push({ blocks: [], finish: UNKNOWN_FINISH });
  }
  return response.choices[index] as ResponseChoice;
}
