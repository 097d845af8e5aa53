import type { Block, TextBlock, Turn } from '../ir/chat-request.ts';

/** Joins the items of an input to turns. */
export interface TurnBuilder {
  /** Adds an instruction; those before the first turn are part of `system`. */
  instruct(blocks: TextBlock[]): void;
  /** Adds a user message as a turn of its own. */
  say(blocks: Block[]): void;
  /** Adds the result of a call; consecutive results are one turn. */
  give(result: Block): void;
  /** Adds content of the model; consecutive items are one turn. */
  answer(...blocks: Block[]): void;
  build(): { system: TextBlock[]; turns: Turn[] };
}

/** A builder whose system begins with those instructions. */
export function createTurnBuilder(system: TextBlock[]): TurnBuilder {
  const turns: Turn[] = [];

  const join = (role: Turn['role'], blocks: Block[], joins: (last: Turn) => boolean): void => {
    const last = turns.at(-1);
    if (last?.role === role && joins(last)) last.blocks.push(...blocks);
    else turns.push({ role, blocks });
  };

  return {
    instruct(blocks) {
      if (turns.length === 0) system.push(...blocks);
      else turns.push({ role: 'system', blocks });
    },
    say: (blocks) => turns.push({ role: 'user', blocks }),
    give: (result) => join('user', [result], (last) => last.blocks[0]?.type === 'tool_result'),
    answer: (...blocks) => join('assistant', blocks, () => true),
    build: () => ({ system, turns }),
  };
}
