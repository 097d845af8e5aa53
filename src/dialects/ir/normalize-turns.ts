import type { Losses } from '../losses.ts';
import type { ChatRequest, TextBlock, Turn } from './chat-request.ts';

export { keepOwnReasoning } from './keep-own-reasoning.ts';

/** What a target asks of the order of a conversation. */
export interface TurnRules {
  /** Turns of one role in a row become one. */
  mergeSameRole: boolean;
  /** What becomes of instructions in mid-conversation. */
  midSystem: 'keep' | 'fold' | 'anthropic';
  /** The first turn must be a user's. */
  userFirst: boolean;
  /** At least one user turn is needed. */
  needsUser: boolean;
  /** Empty text is refused by the target. */
  dropEmptyText: boolean;
  /** Tool results stand first in their turn, in call order. */
  resultsFirst: boolean;
}

/** The conversation in the order that the target asks for. */
export function normalizeTurns(
  request: ChatRequest,
  _rules: TurnRules,
  _losses: Losses,
): { system: TextBlock[]; turns: Turn[] } {
  return { system: request.system, turns: request.turns };
}
