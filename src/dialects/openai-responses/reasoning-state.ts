import type { Signature } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';

/** The content of a reasoning item: raw thoughts, a summary of them, and the provider's own state. */
export interface ReasoningItem {
  raw: string;
  summary: string;
  state: Signature | undefined;
}

/** Separator between the parts of a summary that becomes one text. */
export const PART_BREAK = '\n\n';

/** Reads a reasoning item of that model family; without `encrypted_content` it has no state. */
export function readReasoningItem(item: JsonObject, family: string): ReasoningItem {
  return {
    raw: joinTexts(item['content']),
    summary: joinTexts(item['summary']),
    state: readState(item, family),
  };
}

/**
 * The reasoning item that a state was read from, in the form that its upstream expects back; null if the state
 * is damaged.
 */
export function restoreReasoningItem({ value }: Signature): JsonObject | null {
  const { id, encrypted_content, summary } = parseState(value);
  if (typeof encrypted_content !== 'string') return null;
  return {
    type: 'reasoning',
    ...(asText(id) === undefined ? {} : { id }),
    summary: summary ?? [],
    encrypted_content,
  };
}

/** Without state kept at the API, only this member can continue the reasoning. */
function readState(item: JsonObject, family: string): Signature | undefined {
  const { id, encrypted_content, summary } = item;
  if (asText(encrypted_content) === undefined) return undefined;
  const hasSummary = asObjects(summary).length > 0;
  return {
    dialect: 'openai-responses',
    family,
    kind: hasSummary ? 'summary+enc' : 'enc',
    value: JSON.stringify({ id, encrypted_content, ...(hasSummary ? { summary } : {}) }),
    target: 'self',
  };
}

function parseState(value: string): JsonObject {
  try {
    return asObject(JSON.parse(value));
  } catch {
    return {};
  }
}

function joinTexts(parts: unknown): string {
  return asObjects(parts)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join(PART_BREAK);
}
