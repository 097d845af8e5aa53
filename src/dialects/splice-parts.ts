import { WORTH_FREEING_BYTES } from '../core/free-bytes.ts';
import { applySplices, type Splice } from './splice-json.ts';

/**
 * Texts from this length on are not copied for a splice. The sender knows when such a copy can be freed;
 * without that a fresh buffer of 100 KB costs 200 to 300 µs, most of it for memory from the system.
 */
const LONG_BYTES = WORTH_FREEING_BYTES;

/** A text, or its parts in their order. */
export type TextParts = Buffer | readonly Buffer[];

/** A text with splices applied, in parts that share its bytes where it is long. */
export function spliceParts(json: Buffer, splices: readonly Splice[]): TextParts {
  if (splices.length === 0 || json.length < LONG_BYTES) return applySplices(json, splices);
  const pieces: Buffer[] = [];
  let read = 0;
  for (const { span, text } of splices.toSorted((a, b) => a.span.start - b.span.start)) {
    pieces.push(json.subarray(read, span.start), Buffer.from(text));
    read = span.end;
  }
  pieces.push(json.subarray(read));
  return joinShort(pieces);
}

/** Joins short neighboring pieces, since each piece is sent by itself. */
function joinShort(pieces: readonly Buffer[]): Buffer[] {
  const parts: Buffer[] = [];
  let short: Buffer[] = [];
  const flush = () => {
    if (short.length > 0) parts.push(Buffer.concat(short));
    short = [];
  };
  for (const piece of pieces) {
    if (piece.length >= LONG_BYTES) {
      flush();
      parts.push(piece);
    } else if (piece.length > 0) {
      short.push(piece);
    }
  }
  flush();
  return parts;
}
