import type { ChatRequest } from '../ir/chat-request.ts';

/** What of a model's reasoning a client gets to see. */
export interface ShownReasoning {
  /** Its words. */
  text: boolean;
  /** Blocks that hold signed state, words or not. */
  state: boolean;
}

/**
 * A client that did not ask for thinking may take the first block for its answer, so it gets none;
 * where there are tools it does get the state, for without it some providers refuse the next call.
 */
export function shownReasoning({ reasoning, tools }: ChatRequest): ShownReasoning {
  const isOn = reasoning !== undefined && reasoning.mode !== 'off';
  const text = isOn && reasoning.expose !== 'none';
  return { text, state: isOn || tools.length > 0 };
}
