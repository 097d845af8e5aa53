import type { Citation, Signature } from '../ir/chat-request.ts';
import type { BlockHead, StreamPart } from '../ir/stream-part.ts';

/** Content of a block: its whole text so far, or one piece of it. */
export interface BlockText {
  text: string;
  logprobs?: unknown;
}

/**
 * Puts blocks, which have keys, into a row in the order in which they were opened: one ends before the next
 * begins.
 */
export interface BlockQueue {
  open(key: string, head: BlockHead): void;
  /** True if a block with that key was ever opened. */
  has(key: string): boolean;
  textOf(key: string): string;
  citationsOf(key: string): number;
  /** Adds text; the first text opens the block. */
  append(key: string, head: BlockHead, piece: BlockText): void;
  /** Adds the part of the whole text that has not arrived yet; nothing if the two texts differ. */
  fill(key: string, head: BlockHead, whole: BlockText): void;
  cite(key: string, citation: Citation): void;
  sign(key: string, signature: Signature): void;
  close(key: string): void;
  closeAll(): void;
  /** The parts that may be sent since the last call. */
  take(): StreamPart[];
}

interface QueuedBlock {
  /** Parts that have not been sent, because another block is open. */
  waiting: StreamPart[];
  text: string;
  /** Sources arrive in the middle of a text, and are sent at its end. */
  citations: StreamPart[];
  isOpen: boolean;
}

/**
 * Streams the first open block and holds the others, so that calls which an upstream interleaves are sent one
 * by one.
 */
export function createBlockQueue(): BlockQueue {
  const blocks = new Map<string, QueuedBlock>();
  const row: QueuedBlock[] = [];

  const open = (key: string, head: BlockHead): void => {
    const start: StreamPart = { type: 'block_start', choice: 0, block: head };
    const block = { waiting: [start], text: '', citations: [], isOpen: true };
    blocks.set(key, block);
    row.push(block);
  };
  const add = (key: string, part: StreamPart): void => {
    const block = blocks.get(key);
    if (block?.isOpen) block.waiting.push(part);
  };
  const append = (key: string, head: BlockHead, { text, logprobs }: BlockText): void => {
    if (text === '') return;
    if (!blocks.has(key)) open(key, head);
    const isScored = Array.isArray(logprobs) && logprobs.length > 0;
    add(key, { type: 'delta', choice: 0, text, ...(isScored ? { logprobs } : {}) });
    const block = blocks.get(key);
    if (block?.isOpen) block.text += text;
  };
  const close = (block: QueuedBlock | undefined): void => {
    if (!block?.isOpen) return;
    block.waiting.push(...block.citations, { type: 'block_end', choice: 0 });
    block.isOpen = false;
  };
  const textOf = (key: string): string => blocks.get(key)?.text ?? '';

  return {
    open,
    append,
    textOf,
    has: (key) => blocks.has(key),
    citationsOf: (key) => blocks.get(key)?.citations.length ?? 0,
    fill(key, head, { text, logprobs }) {
      const streamed = textOf(key);
      if (streamed === '') append(key, head, { text, logprobs });
      else if (text.startsWith(streamed)) append(key, head, { text: text.slice(streamed.length) });
    },
    cite: (key, citation) =>
      void blocks.get(key)?.citations.push({ type: 'citation', choice: 0, citation }),
    sign: (key, signature) => add(key, { type: 'signature', choice: 0, signature }),
    close: (key) => close(blocks.get(key)),
    closeAll() {
      for (const block of row) close(block);
    },
    take: () => takeReady(row),
  };
}

/** Takes the first block's parts, and those of the next blocks while the blocks before them have ended. */
function takeReady(row: QueuedBlock[]): StreamPart[] {
  const ready: StreamPart[] = [];
  for (let first = row[0]; first !== undefined; first = row[0]) {
    ready.push(...first.waiting.splice(0));
    if (first.isOpen) break;
    row.shift();
  }
  return ready;
}
