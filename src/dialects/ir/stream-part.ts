import type { TokenUsage } from '../../core/token-usage.ts';
import type { Citation, ServerToolBlock, Signature } from './chat-request.ts';

/**
 * One part of an answer. A whole answer is decoded into the same parts as a stream, so that both take one path
 *. Grammar, for each choice: `start (block_start delta* signature? citation* block_end)* finish`; blocks
 * never overlap. `usage` comes at most once, before or after the last `finish`; `error` ends everything.
 */
export type StreamPart =
  | {
      type: 'start';
      id: string | undefined;
      model: string | undefined;
      createdAt: number | undefined;
    }
  | { type: 'block_start'; choice: number; block: BlockHead }
  /** Content of the open block: text, reasoning, refusal, or the arguments of a tool call. */
  | { type: 'delta'; choice: number; text: string; logprobs?: unknown[] }
  /** Opaque state of the open block. */
  | { type: 'signature'; choice: number; signature: Signature }
  | { type: 'citation'; choice: number; citation: Citation }
  | { type: 'block_end'; choice: number }
  | { type: 'finish'; choice: number; finish: Finish }
  | { type: 'usage'; usage: TokenUsage; tier: string | undefined }
  | { type: 'error'; message: string; kind: string | undefined }
  | { type: 'ping' };

/** The kind of a block, and what is known before its content. */
export type BlockHead =
  | { type: 'text' }
  | { type: 'reasoning'; kind: 'summary' | 'raw' | 'redacted' }
  | { type: 'refusal' }
  | { type: 'tool_call'; id: string; name: string; kind: 'function' | 'custom' }
  /** Complete in the head; no deltas follow. */
  | { type: 'server_tool'; block: ServerToolBlock }
  | { type: 'image'; mime: string; base64: string };

/** Why an answer ended. */
export type FinishReason =
  | 'stop'
  | 'stop_sequence'
  | 'length'
  | 'context_exceeded'
  | 'tool_calls'
  | 'content_filter'
  | 'refusal'
  | 'pause'
  | 'compaction'
  | 'malformed'
  | 'other';

export interface Finish {
  reason: FinishReason;
  /** The stop string that ended the answer. */
  stopSequence: string | undefined;
  /** The provider's own word for the reason, and its explanation if there is one. */
  raw: string | undefined;
  detail: string | undefined;
}
