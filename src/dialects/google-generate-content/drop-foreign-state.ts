import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import type { ModelCaps } from '../model-caps.ts';
import { openSignature } from '../reasoning-envelope.ts';
import { signCurrentTurn } from './sign-current-turn.ts';

/** The members that change when reasoning of other providers is removed from a request that passes through. */
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

/** Removes a thought that Google did not sign; text and calls lose only a foreign signature. */
function dropFromPart(part: JsonObject): JsonObject[] {
  const { thoughtSignature, ...rest } = part;
  const signature = asText(thoughtSignature);
  const isForeign = signature !== undefined && openSignature(signature) !== null;
  if (part['thought'] === true) return signature === undefined || isForeign ? [] : [part];
  if (!isForeign) return [{ ...part }];
  return rest['text'] === '' ? [] : [rest];
}
