import { createHash } from 'node:crypto';
import type { DialectId } from './dialect.ts';

/** The longest id that every model behind a dialect takes; null = any text. */
const MAX_LENGTH: Readonly<Record<DialectId, number | null>> = {
  'openai-chat': 40,
  'openai-responses': 40,
  'anthropic-messages': 64,
  'google-generate-content': null,
};

const SAFE = /^[a-zA-Z0-9_-]+$/;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const HASH_LENGTH = 26;

/**
 * A tool call's id as the target accepts it: unchanged if it fits, else a hash of itself. A pure function, so
 * that calls and results stay linked without any memory.
 */
export function fitToolId(id: string, dialect: DialectId): string {
  const limit = MAX_LENGTH[dialect];
  if (limit === null || (id.length <= limit && SAFE.test(id))) return id;
  return `call_${base32(createHash('sha256').update(id).digest()).slice(0, HASH_LENGTH)}`;
}

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += BASE32[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
  }
  return text;
}
