import type { Citation, Signature } from '../ir/chat-request.ts';
import type { BlockHead, StreamPart } from '../ir/stream-part.ts';

/** A block of one choice, as far as it has arrived. */
export interface RowBlock {
  /** Undefined until a tool call has its name. */
  head: BlockHead | undefined;
  /** All of its text so far, sent or not. */
  text: string;
  /** Text that has not been sent, because another block is open. */
  waiting: { text: string; logprobs: unknown[] | undefined }[];
  signature: Signature | undefined;
  citations: Citation[];
  /** Makes the text to send from the whole text; such a block is sent in one piece. */
  reshape: ((text: string) => string) | undefined;
  isOut: boolean;
}

/** The blocks of one choice in the order in which they began: the first is open, the others wait. */
export interface BlockRow {
  /** Adds a block behind the others. */
  begin(head: BlockHead | undefined): RowBlock;
  /** The block that began last; undefined if all have ended. */
  last(): RowBlock | undefined;
  /** True if no block has begun. */
  readonly isEmpty: boolean;
  append(block: RowBlock, text: string, logprobs?: unknown[]): void;
  /** The parts that may be sent since the last call. */
  take(): StreamPart[];
  /** The remaining parts: every block ends. */
  end(): StreamPart[];
}

/**
 * Puts blocks into a row so that none overlap. A block ends when another waits and it cannot grow any
 * more: text can always continue in a new block, and the arguments of a call are complete once they are a JSON
 * object.
 */
export function createBlockRow(choice: number): BlockRow {
  const row: RowBlock[] = [];
  let isEmpty = true;

  const advance = (isOver: boolean): StreamPart[] => {
    const parts: StreamPart[] = [];
    for (let block = row[0]; block !== undefined; block = row[0]) {
      const ends = isOver || (row.length > 1 && isWhole(block));
      if (block.head !== undefined) parts.push(...release(choice, block, ends));
      if (!ends) break;
      row.shift();
    }
    return parts;
  };

  return {
    begin(head) {
      const block: RowBlock = {
        head,
        text: '',
        waiting: [],
        signature: undefined,
        citations: [],
        reshape: undefined,
        isOut: false,
      };
      row.push(block);
      isEmpty = false;
      return block;
    },
    last: () => row.at(-1),
    get isEmpty() {
      return isEmpty;
    },
    append(block, text, logprobs) {
      if (text === '') return;
      block.text += text;
      block.waiting.push({ text, logprobs });
    },
    take: () => advance(false),
    end: () => advance(true),
  };
}

function isWhole({ head, text }: RowBlock): boolean {
  if (head === undefined) return false;
  if (head.type !== 'tool_call') return true;
  if (head.kind === 'custom' || !text.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function release(choice: number, block: RowBlock, ends: boolean): StreamPart[] {
  if (block.head === undefined || (block.reshape && !ends)) return [];
  const parts: StreamPart[] = [];
  if (!block.isOut) parts.push({ type: 'block_start', choice, block: block.head });
  block.isOut = true;
  const pieces = block.reshape
    ? [{ text: block.reshape(block.text), logprobs: undefined }]
    : block.waiting.splice(0);
  for (const { text, logprobs } of pieces) {
    if (text !== '') parts.push({ type: 'delta', choice, text, ...(logprobs && { logprobs }) });
  }
  if (!ends) return parts;
  const { signature, citations } = block;
  if (signature) parts.push({ type: 'signature', choice, signature });
  for (const citation of citations) parts.push({ type: 'citation', choice, citation });
  parts.push({ type: 'block_end', choice });
  return parts;
}
