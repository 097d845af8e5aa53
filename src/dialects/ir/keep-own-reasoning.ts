import type { DialectId } from '../dialect.ts';
import { belongsTo } from '../reasoning-envelope.ts';
import type {
  Block,
  ReasoningBlock,
  Signature,
  TextBlock,
  ToolCallBlock,
  Turn,
} from './chat-request.ts';
import { textBlock } from './text-block.ts';

/** The model that will read a conversation. */
export interface Reader {
  dialect: DialectId;
  family: string;
}

/** Blocks that Google signs. */
type Carrier = TextBlock | ToolCallBlock;

/**
 * The turns with only the reasoning that the reader can use; no reasoning ever becomes visible text. The
 * given turns are not changed, and a turn may come out empty. A signature of another dialect or family is
 * removed, and with it a reasoning block that it belongs to.
 * Signatures that stay are placed where the reader's dialect has them:
 * - Google signs texts and calls. A reasoning block with target `next` or `prev` gives its signature to the
 * nearest text or call on that side and is removed; if there is none, it becomes an empty text with that
 * signature. One with target `self` stays.
 * - All other dialects have reasoning blocks of their own. A signature on a text or call becomes a reasoning
 * block before it, and a text that only carried the signature is removed.
 * Reasoning without a usable signature is removed, unless `reasoningContentInput` says that the upstream takes
 * the bare text (DeepSeek, Moonshot): then it stays, without the signature.
 */
export function keepOwnReasoning(
  turns: readonly Turn[],
  reader: Reader,
  { reasoningContentInput = false }: { reasoningContentInput?: boolean } = {},
): Turn[] {
  const place = reader.dialect === 'google-generate-content' ? signNeighbors : standAlone;
  return turns.map(({ role, blocks }) => ({
    role,
    blocks: place(blocks.flatMap((block) => own(block, reader, reasoningContentInput))),
  }));
}

/** The block with only the state that the reader can read; empty for reasoning of others. */
function own(block: Block, reader: Reader, takesText: boolean): Block[] {
  if (block.type !== 'reasoning' && !isCarrier(block)) return [block];
  if (block.signature === undefined || belongsTo(block.signature, reader)) {
    const isBare = block.type === 'reasoning' && block.signature === undefined;
    return isBare && !(takesText && block.text !== '') ? [] : [block];
  }
  if (block.type !== 'reasoning') return [{ ...block, signature: undefined }];
  return takesText && block.text !== '' ? [{ ...block, signature: undefined }] : [];
}

function isCarrier(block: Block): block is Carrier {
  return block.type === 'text' || block.type === 'tool_call';
}

/** Moves signatures to neighboring blocks; only signed thoughts stay in place. */
function signNeighbors(blocks: readonly Block[]): Block[] {
  const signed: (Block | undefined)[] = [...blocks];
  for (const [index, block] of blocks.entries()) {
    if (block.type !== 'reasoning' || block.signature === undefined) continue;
    if (block.signature.target !== 'self') signed[index] = giveAway(block.signature, signed, index);
  }
  return signed.filter((block) => block !== undefined);
}

/** Signs the nearest neighbor; returns what stays in the signature's own place. */
function giveAway(
  signature: Signature,
  blocks: (Block | undefined)[],
  index: number,
): Block | undefined {
  const own: Signature = { ...signature, target: 'self' };
  // Clients may send one signature in two places: in ours and in Google's own.
  const isKnown = blocks.some(
    (block) => block && isCarrier(block) && block.signature?.value === own.value,
  );
  if (isKnown) return undefined;
  const step = signature.target === 'next' ? 1 : -1;
  for (let at = index + step; at >= 0 && at < blocks.length; at += step) {
    const block = blocks[at];
    if (block === undefined || !isCarrier(block) || block.signature !== undefined) continue;
    blocks[at] = { ...block, signature: own };
    return undefined;
  }
  return { ...textBlock(''), signature: own };
}

/** Turns signatures on texts and calls into reasoning blocks. */
function standAlone(blocks: readonly Block[]): Block[] {
  const known = new Set(
    blocks.map((block) => (block.type === 'reasoning' ? block.signature?.value : undefined)),
  );
  return blocks.flatMap((block): Block[] => {
    if (!isCarrier(block) || block.signature === undefined) return [block];
    const { signature } = block;
    const rest = { ...block, signature: undefined };
    const kept = rest.type === 'text' && rest.text === '' ? [] : [rest];
    if (known.has(signature.value)) return kept;
    known.add(signature.value);
    return [asReasoning(signature), ...kept];
  });
}

function asReasoning(signature: Signature): ReasoningBlock {
  const kind = signature.kind === 'redacted' ? 'redacted' : 'summary';
  return { type: 'reasoning', text: '', kind, signature: { ...signature, target: 'self' } };
}
