import type { Losses } from '../losses.ts';
import type { ChatRequest, TextBlock, Turn } from './chat-request.ts';
import { dropEmptyText, hasWords } from './empty-text.ts';
import { pairToolResults } from './pair-tool-results.ts';
import { placeInstructions } from './place-instructions.ts';
import { textBlock } from './text-block.ts';

export { keepOwnReasoning } from './keep-own-reasoning.ts';

/** What a target requires of the order of a conversation. */
export interface TurnRules {
  /** Consecutive turns of one role become one. */
  mergeSameRole: boolean;
  /**
   * Instructions in mid-conversation: `keep` leaves them, `fold` turns them into a text of the user's,
   * `anthropic` keeps them where Anthropic allows them and folds the others.
   */
  midSystem: 'keep' | 'fold' | 'anthropic';
  /** The first turn must be a user's. */
  userFirst: boolean;
  /** At least one user turn is needed. */
  needsUser: boolean;
  /** The target refuses empty text. */
  dropEmptyText: boolean;
  /** Tool results come first in the turn behind their calls, in the order of the calls. */
  resultsFirst: boolean;
}

/** A turn with the index that it had in the request. */
export interface PlacedTurn extends Turn {
  readonly place: number;
}

/**
 * Text of the user turn that is added where a conversation begins with an answer and the target requires the
 * user first.
 */
const OPENING = '.';

/**
 * The conversation in the order that the target requires; the request is not changed.
 * Every change is recorded as a loss of `messages[i]`, by the index of the turn. Remove reasoning that the
 * target cannot read before (`keepOwnReasoning`): a turn that holds nothing else is dropped here. Throws 400
 * for a tool result that answers no call.
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

/** A turn, or several that became one. */
interface MergedTurn extends PlacedTurn {
  readonly beganWithCalls: boolean;
}

/** Without empty turns, and with neighbours as one where the rules want it. */
function mergeTurns(turns: readonly PlacedTurn[], rules: TurnRules): PlacedTurn[] {
  const merged: MergedTurn[] = [];
  for (const turn of turns) {
    if (turn.blocks.length === 0) continue;
    const before = merged.at(-1);
    if (before !== undefined && belongTogether(before, turn, rules)) {
      // One by one: a conversation may have more than fit into one call's arguments.
      for (const block of turn.blocks) before.blocks.push(block);
    } else {
      const beganWithCalls = turn.blocks.some(({ type }) => type === 'tool_call');
      merged.push({ ...turn, blocks: [...turn.blocks], beganWithCalls });
    }
  }
  return merged;
}

function belongTogether(before: MergedTurn, after: Turn, rules: TurnRules): boolean {
  if (before.role !== after.role) return false;
  if (before.role === 'system') return rules.midSystem !== 'keep';
  if (rules.mergeSameRole) return true;
  // Parallel calls that a client wrote down one by one are one step everywhere.
  return before.role === 'assistant' && before.beganWithCalls;
}
