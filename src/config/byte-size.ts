import * as z from 'zod';
import { expected } from './expected.ts';

const BYTE_SIZE = /^(\d+(?:\.\d+)?)([kmg]?b|[KMG]?B)$/;

const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1_024,
  mb: 1_048_576,
  gb: 1_073_741_824,
};

/** Bytes of text such as `512kb` or `64mb`, in powers of 1,024; null for anything else. */
function parseByteSize(text: string): number | null {
  const [, amount, unit = ''] = BYTE_SIZE.exec(text) ?? [];
  const unitBytes = UNIT_BYTES[unit.toLowerCase()];
  return unitBytes === undefined ? null : Math.round(Number(amount) * unitBytes);
}

const wording = {
  error: ({ input }: { input?: unknown }) =>
    expected('a size such as 512kb or 64mb, or bytes', input),
};

/** A size in the config (CFG-4); the output is whole bytes. */
export const byteSize = z
  .union([z.int().min(0, wording), z.string().regex(BYTE_SIZE, wording)], wording)
  .transform((value) => (typeof value === 'number' ? value : (parseByteSize(value) ?? 0)));
