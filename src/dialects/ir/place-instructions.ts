import type { Losses } from '../losses.ts';
import type { Block, TextBlock } from './chat-request.ts';
import { hasWords } from './empty-text.ts';
import type { PlacedTurn, TurnRules } from './normalize-turns.ts';
import { textBlock } from './text-block.ts';

/**
 * Keeps instructions in mid-conversation where the target allows them; elsewhere each becomes a text at the end
 * of the user's turn before it. None is moved to the top: that would change what it refers to, and
 * invalidate the prompt cache.
 */
export function placeInstructions(
  turns: readonly PlacedTurn[],
  { midSystem }: Pick<TurnRules, 'midSystem'>,
  losses: Losses,
): PlacedTurn[] {
  const placed: PlacedTurn[] = [];
  for (const [index, turn] of turns.entries()) {
    const before = placed.at(-1);
    const stays =
      turn.role !== 'system' ||
      midSystem === 'keep' ||
      (midSystem === 'anthropic' && mayStand(before, turns[index + 1]));
    if (stays) {
      placed.push({ ...turn, blocks: [...turn.blocks] });
      continue;
    }
    losses.drop('folded', `messages[${turn.place}]`);
    const blocks = asUserBlocks(turn.blocks);
    if (before?.role !== 'user') placed.push({ role: 'user', blocks, place: turn.place });
    else for (const block of blocks) before.blocks.push(block);
  }
  return placed;
}

/** Anthropic allows them behind a user's turn or a run of its own tools, and before an answer or the end. */
function mayStand(before: PlacedTurn | undefined, after: PlacedTurn | undefined): boolean {
  const isBehind = before?.role === 'user' || before?.blocks.at(-1)?.type === 'server_tool';
  return isBehind && (after === undefined || after.role === 'assistant');
}

/** The instructions as one marked text, followed by blocks of other kinds. */
function asUserBlocks(blocks: readonly Block[]): Block[] {
  const texts = blocks.filter((block): block is TextBlock => block.type === 'text');
  const words = texts.filter(hasWords).map(({ text }) => text);
  const others = blocks.filter(({ type }) => type !== 'text');
  if (words.length === 0) return others;
  const folded = textBlock(`<system>\n${words.join('\n\n')}\n</system>`);
  return [{ ...folded, cache: texts.findLast(({ cache }) => cache)?.cache }, ...others];
}
