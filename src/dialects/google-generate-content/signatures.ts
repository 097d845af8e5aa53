import type { Signature } from '../ir/chat-request.ts';
import { asText } from '../json-object.ts';
import { openSignature, sealSignature } from '../reasoning-envelope.ts';
import { GOOGLE } from './read-wire.ts';

/** Whose parts come without an envelope. */
const FAMILY = 'gemini';

/** The state in a part's slot: another provider's in its envelope, else Google's own. */
export function readSignature(value: unknown): Signature | undefined {
  const text = asText(value);
  if (text === undefined) return undefined;
  return openSignature(text) ?? { ...nativeSignature(text), family: FAMILY };
}

/** Google's own state of that model family; its base64 is a text to carry, never to decode. */
export function nativeSignature(value: string, family = FAMILY): Signature {
  return { dialect: GOOGLE, family, kind: 'sig', value, target: 'self' };
}

/** True for state that Google itself made. */
export function isNative(signature: Signature): boolean {
  return signature.dialect === GOOGLE;
}

/**
 * State as a part's slot holds it. The slot is base64, so foreign state goes there as base64 of an
 * envelope that says whose it is.
 */
export function writeSignature(signature: Signature, target: Signature['target']): string {
  if (isNative(signature)) return signature.value;
  return Buffer.from(sealSignature({ ...signature, target })).toString('base64');
}
