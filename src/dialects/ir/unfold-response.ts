import type { ChatResponse, ResponseBlock } from './chat-response.ts';
import type { StreamPart } from './stream-part.ts';

/**
 * The parts that a whole answer would have been streamed in, with one delta per block: the inverse of
 * `foldParts`.
 */
export function unfoldResponse(response: ChatResponse): StreamPart[] {
  const { id, model, createdAt, choices, usage, tier } = response;
  const start: StreamPart = { type: 'start', id, model, createdAt };
  const told = choices.flatMap(({ blocks, finish }, choice): StreamPart[] => [
    ...blocks.flatMap((block) => unfoldBlock(block, choice)),
    { type: 'finish', choice, finish },
  ]);
  const metered: StreamPart[] = usage === undefined ? [] : [{ type: 'usage', usage, tier }];
  return [start, ...told, ...metered];
}

function unfoldBlock(block: ResponseBlock, choice: number): StreamPart[] {
  const { head, text, signature, citations, logprobs } = block;
  const parts: StreamPart[] = [{ type: 'block_start', choice, block: head }];
  if (text !== '' || logprobs !== undefined) {
    parts.push({ type: 'delta', choice, text, ...(logprobs && { logprobs }) });
  }
  if (signature !== undefined) parts.push({ type: 'signature', choice, signature });
  for (const citation of citations) parts.push({ type: 'citation', choice, citation });
  parts.push({ type: 'block_end', choice });
  return parts;
}
