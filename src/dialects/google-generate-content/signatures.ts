import type { Signature } from '../ir/chat-request.ts';
import { asText } from '../json-object.ts';
import { openSignature, sealSignature } from '../reasoning-envelope.ts';
import { GOOGLE } from './read-wire.ts';

/** The family of state without an envelope. */
const FAMILY = 'gemini';

/** The state in a part's signature field: another provider's state in an envelope, else Google's own. */
export function readSignature(value: unknown): Signature | undefined {
  const text = asText(value);
  if (text === undefined) return undefined;
  return openSignature(text) ?? { ...nativeSignature(text), family: FAMILY };
}

/** Google's own state of that model family; its base64 is carried as text and never decoded. */
export function nativeSignature(value: string, family = FAMILY): Signature {
  return { dialect: GOOGLE, family, kind: 'sig', value, target: 'self' };
}

/** True for state that Google made. */
export function isNative(signature: Signature): boolean {
  return signature.dialect === GOOGLE;
}

/**
 * State for a part's signature field. The field is base64, so foreign state is written as base64 of the
 * envelope that names its owner.
 */
export function writeSignature(signature: Signature, target: Signature['target']): string {
  if (isNative(signature)) return signature.value;
  return Buffer.from(sealSignature({ ...signature, target })).toString('base64');
}
