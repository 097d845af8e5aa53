import type { Citation, Signature } from '../ir/chat-request.ts';
import type { BlockHead, StreamPart } from '../ir/stream-part.ts';

/** Content of a block: its text so far, or another piece of it. */
export interface BlockText {
  text: string;
  logprobs?: unknown;
}

/** Blocks by key, in the order they were opened, put into a row: one ends before the next begins. */
export interface BlockQueue {
  open(key: string, head: BlockHead): void;
  /** True once it was opened, and ever after. */
  has(key: string): boolean;
  textOf(key: string): string;
  citationsOf(key: string): number;
  /** Adds text; the first text opens the block. */
  append(key: string, head: BlockHead, piece: BlockText): void;
  /** Adds what the whole text has beyond the text so far; nothing where the two differ. */
  fill(key: string, head: BlockHead, whole: BlockText): void;
  cite(key: string, citation: Citation): void;
  sign(key: string, signature: Signature): void;
  close(key: string): void;
  closeAll(): void;
  /** The parts that may go out, since the last time. */
  take(): StreamPart[];
}

interface QueuedBlock {
  /** What has not gone out, because another block is open. */
  waiting: StreamPart[];
  text: string;
  /** Sources come in the middle of a text, and are named behind it. */
  citations: StreamPart[];
  isOpen: boolean;
}

/**
 * Streams the first open block and holds the others until their turn, so that calls which an
 * upstream interleaves come one by one.
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

/** Takes the first block's parts, and the next ones' where those before them have ended. */
function takeReady(row: QueuedBlock[]): StreamPart[] {
  const ready: StreamPart[] = [];
  for (let first = row[0]; first !== undefined; first = row[0]) {
    ready.push(...first.waiting.splice(0));
    if (first.isOpen) break;
    row.shift();
  }
  return ready;
}
