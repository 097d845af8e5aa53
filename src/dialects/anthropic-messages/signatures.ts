import type { Signature } from '../ir/chat-request.ts';
import { openSignature, sealSignature } from '../reasoning-envelope.ts';

const DIALECT = 'anthropic-messages';

/** The family of blocks without an envelope: Anthropic's models are one family. */
const FAMILY = 'claude';

/**
 * The state in the signature field of a thinking block: another provider's state in an envelope, else
 * Anthropic's own.
 */
export function readSignature(value: string, kind: 'sig' | 'redacted'): Signature | undefined {
  if (value === '') return undefined;
  return openSignature(value) ?? { dialect: DIALECT, family: FAMILY, kind, value, target: 'self' };
}

/** State for the signature field of a thinking block; foreign state is sealed with its owner and target. */
export function writeSignature(signature: Signature, target: Signature['target']): string {
  return signature.dialect === DIALECT ? signature.value : sealSignature({ ...signature, target });
}
