import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import type { ModelCaps } from '../model-caps.ts';
import { openSignature } from '../reasoning-envelope.ts';
import { signCurrentTurn } from './sign-current-turn.ts';

/** The members of a request that are others without other providers' reasoning. */
export function dropForeignState({ contents }: JsonObject, caps: ModelCaps): JsonObject {
  if (!Array.isArray(contents)) return {};
  const kept = asObjects(contents).flatMap((content) => {
    const { parts } = content;
    if (!Array.isArray(parts)) return [content];
    const own = parts.flatMap((part) => dropFromPart(asObject(part)));
    return own.length === 0 && parts.length > 0 ? [] : [{ ...content, parts: own }];
  });
  if (caps.require_thought_signature) signCurrentTurn(kept);
  return { contents: kept };
}

/** Thoughts go that Google did not sign; of words and calls only a foreign signature does. */
function dropFromPart(part: JsonObject): JsonObject[] {
  const { thoughtSignature, ...rest } = part;
  const signature = asText(thoughtSignature);
  const isForeign = signature !== undefined && openSignature(signature) !== null;
  if (part['thought'] === true) return signature === undefined || isForeign ? [] : [part];
  if (!isForeign) return [{ ...part }];
  return rest['text'] === '' ? [] : [rest];
}
