import { asObject, asText, type JsonObject } from '../json-object.ts';
import { FOREIGN_MARK, openSignature } from '../reasoning-envelope.ts';

/** The members that change when reasoning of other providers is removed from a request that passes through. */
export function dropForeignState({ input }: JsonObject): JsonObject {
  return Array.isArray(input) ? { input: input.filter((item) => !isForeign(asObject(item))) } : {};
}

/** State of other providers is sealed; reasoning without state has an id that was made here. */
function isForeign({ type, id, encrypted_content: state }: JsonObject): boolean {
  if (type !== 'reasoning') return false;
  return openSignature(asText(state) ?? '') !== null || String(id).includes(FOREIGN_MARK);
}
