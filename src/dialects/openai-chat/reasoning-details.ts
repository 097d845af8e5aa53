import type { Signature } from '../ir/chat-request.ts';
import { asObjects, asText, type JsonObject } from '../json-object.ts';
import { sealSignature } from '../reasoning-envelope.ts';

/** Members of an item that come in pieces; all others come once. */
const STREAMED = ['text', 'summary', 'data'] as const;

/**
 * Adds the pieces of a stream to OpenRouter's list of reasoning items: pieces of one index and type
 * make one item. https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
export function mergeDetails(items: JsonObject[], pieces: unknown): void {
  for (const piece of asObjects(pieces)) {
    const last = items.at(-1);
    const isSame = last?.['index'] === piece['index'] && last?.['type'] === piece['type'];
    if (last === undefined || !isSame) items.push({ ...piece });
    else mergePiece(last, piece);
  }
}

function mergePiece(item: JsonObject, piece: JsonObject): void {
  for (const [name, value] of Object.entries(piece)) {
    if (value === null || value === undefined) continue;
    const isPiece = STREAMED.some((streamed) => streamed === name);
    item[name] = isPiece ? `${asText(item[name]) ?? ''}${String(value)}` : value;
  }
}

/** The text of such items, for servers that send it in no other field. */
export function textOfDetails(pieces: unknown): string {
  return asObjects(pieces)
    .map(({ text, summary }) => asText(text) ?? asText(summary) ?? '')
    .join('');
}

/** The state in the items, to be sent back unchanged; undefined for text without a signature. */
export function stateOfDetails(
  items: readonly JsonObject[],
  family: string,
): Signature | undefined {
  const isSigned = items.some(({ data, signature }) => asText(data ?? signature) !== undefined);
  if (!isSigned) return undefined;
  const value = JSON.stringify(items);
  return { dialect: 'openai-chat', family, kind: 'enc', value, target: 'self' };
}

/** The items that a state was made from. */
export function restoreDetails(signature: Signature): JsonObject[] {
  try {
    return asObjects(JSON.parse(signature.value));
  } catch {
    return [];
  }
}

/** The place of a state in the answer, as far as its envelope does not tell it. */
interface DetailPlace {
  index: number;
  /** The call that it is bound to. */
  callId?: string;
  /** The length of its text at the end of `reasoning_content`, if it does not sign all of it. */
  length?: number;
}

/** A provider's state in the form in which clients of this dialect keep it and send it back. */
export function encodeDetail(signature: Signature, place: DetailPlace): JsonObject {
  const { index, callId, length } = place;
  return {
    type: 'reasoning.encrypted',
    data: sealSignature(signature),
    index,
    ...(callId === undefined ? {} : { id: callId }),
    ...(length === undefined ? {} : { length }),
  };
}
