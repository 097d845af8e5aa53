import type { Block, TextBlock } from './chat-request.ts';

/** True if the text is more than white space. */
export function hasWords({ text }: TextBlock): boolean {
  return text.trim() !== '';
}

/**
 * Removes empty texts from a turn and from its tool results, except those that carry a signature. The cache
 * mark of a removed text moves to the block before it.
 */
export function dropEmptyText<T extends { blocks: Block[] }>(turn: T): T {
  const kept: Block[] = [];
  for (const block of turn.blocks) {
    if (!isEmptyText(block)) kept.push(withoutEmptyContent(block));
    else if (block.cache !== undefined) moveMark(kept, block.cache);
  }
  return { ...turn, blocks: kept };
}

function isEmptyText(block: Block): block is TextBlock {
  return block.type === 'text' && !hasWords(block) && block.signature === undefined;
}

function withoutEmptyContent(block: Block): Block {
  if (block.type !== 'tool_result') return block;
  return { ...block, content: block.content.filter((each) => !isEmptyText(each)) };
}

function moveMark(blocks: Block[], cache: TextBlock['cache']): void {
  const last = blocks.at(-1);
  if (last !== undefined && 'cache' in last) blocks.splice(-1, 1, { ...last, cache });
}
