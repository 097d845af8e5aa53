import type { TokenUsage } from '../../core/token-usage.ts';
import type { Citation, Signature } from './chat-request.ts';
import type { BlockHead, Finish } from './stream-part.ts';

/** A whole answer: its stream parts folded into one. */
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

/** A complete block of an answer. */
export interface ResponseBlock {
  head: BlockHead;
  /** Text, reasoning, refusal or arguments, depending on the head. */
  text: string;
  signature: Signature | undefined;
  citations: Citation[];
  logprobs: unknown[] | undefined;
}
