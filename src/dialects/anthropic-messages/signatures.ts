import type { Signature } from '../ir/chat-request.ts';
import { openSignature, sealSignature } from '../reasoning-envelope.ts';

const DIALECT = 'anthropic-messages';

/** Whose blocks come without an envelope: Anthropic's models are one family. */
const FAMILY = 'claude';

/** The state in a thinking block's slot: another provider's in its envelope, else Anthropic's own. */
export function readSignature(value: string, kind: 'sig' | 'redacted'): Signature | undefined {
  if (value === '') return undefined;
  return openSignature(value) ?? { dialect: DIALECT, family: FAMILY, kind, value, target: 'self' };
}

/** State as a thinking block's slot holds it; foreign state says whose it is and where it belongs. */
export function writeSignature(signature: Signature, target: Signature['target']): string {
  return signature.dialect === DIALECT ? signature.value : sealSignature({ ...signature, target });
}
