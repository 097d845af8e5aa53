import type { Losses } from '../losses.ts';
import type { ChatRequest, TextBlock, Turn } from './chat-request.ts';
import { dropEmptyText, hasWords } from './empty-text.ts';
import { pairToolResults } from './pair-tool-results.ts';
import { placeInstructions } from './place-instructions.ts';
import { textBlock } from './text-block.ts';

export { keepOwnReasoning } from './keep-own-reasoning.ts';

/** What a target asks of the order of a conversation. */
export interface TurnRules {
  /** Turns of one role in a row become one. */
  mergeSameRole: boolean;
  /**
   * What becomes of instructions in mid-conversation: they stay; or they become a text of the user's;
   * or they stay where Anthropic lets them stand and become a text elsewhere.
   */
  midSystem: 'keep' | 'fold' | 'anthropic';
  /** The first turn must be a user's. */
  userFirst: boolean;
  /** At least one user turn is needed. */
  needsUser: boolean;
  /** Empty text is refused by the target. */
  dropEmptyText: boolean;
  /** Tool results stand first in the turn behind their calls, in call order. */
  resultsFirst: boolean;
}

/** A turn on its way through the rules, with the place in the request that it came from. */
export interface PlacedTurn extends Turn {
  readonly place: number;
}

/** What a target accepts as the first turn, where the conversation begins with an answer. */
const OPENING = '.';

/**
 * The conversation in the order that the target asks for (translation §3.1, §3.2); the request is left
 * alone. Whatever had to be changed is put down as a loss of `messages[i]`, by the index of the turn.
 * Reasoning that the target cannot read has to go before (`keepOwnReasoning`): a turn that held nothing
 * else vanishes here. Throws 400 for a tool result that answers no call.
 */
export function normalizeTurns(
  request: ChatRequest,
  rules: TurnRules,
  losses: Losses,
): { system: TextBlock[]; turns: Turn[] } {
  let turns = request.turns.map((turn, place): PlacedTurn => ({ ...turn, place }));
  if (rules.dropEmptyText) turns = turns.map(dropEmptyText);
  turns = mergeTurns(turns, rules);
  turns = pairToolResults(turns, rules, losses);
  turns = mergeTurns(turns, rules);
  turns = mergeTurns(placeInstructions(turns, rules, losses), rules);
  const system = request.system.filter(hasWords);
  if (rules.needsUser && turns.length === 0 && system.length > 0) {
    turns = [{ role: 'user', blocks: system.splice(-1), place: 0 }];
  }
  if (rules.userFirst && turns[0]?.role === 'assistant') {
    losses.drop('inserted', 'messages[0]');
    turns.unshift({ role: 'user', blocks: [textBlock(OPENING)], place: 0 });
  }
  return { system, turns: turns.map(({ role, blocks }) => ({ role, blocks })) };
}

/** Without empty turns, and with neighbors as one where the rules want it. */
function mergeTurns(turns: readonly PlacedTurn[], rules: TurnRules): PlacedTurn[] {
  const merged: PlacedTurn[] = [];
  for (const turn of turns) {
    if (turn.blocks.length === 0) continue;
    const before = merged.at(-1);
    if (before !== undefined && belongTogether(before, turn, rules)) {
      merged.splice(-1, 1, { ...before, blocks: [...before.blocks, ...turn.blocks] });
    } else {
      merged.push(turn);
    }
  }
  return merged;
}

function belongTogether(before: Turn, after: Turn, rules: TurnRules): boolean {
  if (before.role !== after.role) return false;
  if (before.role === 'system') return rules.midSystem !== 'keep';
  if (rules.mergeSameRole) return true;
  // Parallel calls that a client wrote down one by one are one step everywhere.
  return before.role === 'assistant' && before.blocks.some(({ type }) => type === 'tool_call');
}
