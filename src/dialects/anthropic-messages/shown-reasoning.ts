import type { ChatRequest } from '../ir/chat-request.ts';

/** How much of a model's reasoning a client gets to see. */
export interface ShownReasoning {
  /** Its text. */
  text: boolean;
  /** Blocks with signed state, with or without text. */
  state: boolean;
}

/**
 * A client that did not ask for thinking may take the first block for its answer, so it gets none. If the
 * request has tools it gets the state, because some providers refuse the next call without it.
 */
export function shownReasoning({ reasoning, tools }: ChatRequest): ShownReasoning {
  const isOn = reasoning !== undefined && reasoning.mode !== 'off';
  const text = isOn && reasoning.expose !== 'none';
  return { text, state: isOn || tools.length > 0 };
}
