import type { TokenUsage } from '../../core/token-usage.ts';
import type { Citation, Signature } from './chat-request.ts';
import type { BlockHead, Finish } from './stream-part.ts';

/** A whole answer: the fold of its parts. */
export interface ChatResponse {
  id: string | undefined;
  model: string | undefined;
  createdAt: number | undefined;
  /** At least one. */
  choices: ResponseChoice[];
  usage: TokenUsage | undefined;
  tier: string | undefined;
}

export interface ResponseChoice {
  blocks: ResponseBlock[];
  finish: Finish;
}

/** A block of an answer, whole. */
export interface ResponseBlock {
  head: BlockHead;
  /** Text, reasoning, refusal or arguments, as the head says. */
  text: string;
  signature: Signature | undefined;
  citations: Citation[];
  logprobs: unknown[] | undefined;
}
