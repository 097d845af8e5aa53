import { BACKSLASH, QUOTE } from './json-bytes.ts';

/** Beyond this length the native search is used, which pays off only for long strings. */
const NEAR_BYTES = 64;

/** The index of the quote that ends the string whose first character is at `start`; `end` if none does. */
export function findStringEnd(json: Buffer, start: number, end: number): number {
  const near = Math.min(start + NEAR_BYTES, end);
  let at = start;
  while (at < near) {
    const byte = json[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return findFarStringEnd(json, at, end);
}

function findFarStringEnd(json: Buffer, start: number, end: number): number {
  let quote = json.indexOf(QUOTE, start);
  while (quote !== -1 && quote < end) {
    let escapes = 0;
    while (quote - 1 - escapes >= start && json[quote - 1 - escapes] === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return quote;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return end;
}

/** End of the digits that begin at `start`; `start` itself if there are none. */
export function findDigitsEnd(json: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(json[at] ?? 0)) at += 1;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
