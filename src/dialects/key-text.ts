/** The cache has this many slots; the bytes of a key select its slot. */
const PLACES = 512;

/** Longer keys are not cached; the APIs have none. */
const MAX_BYTES = 40;

/** The latest key of each slot: the size is fixed, so no client can fill the memory. */
const known: string[] = new Array(PLACES).fill('');

/**
 * The text of a key, from between its quotes; undefined if it holds escapes and has to be parsed. The same few
 * keys occur in every body: to find a known one takes a third of the time of a new string, and compares as fast
 * as a literal of the code.
 */
export function keyText(json: Buffer, start: number, end: number): string | undefined {
  const place = placeOf(json, start, end);
  const found = known[place] ?? '';
  if (found !== '' && isText(json, start, end, found)) return found;
  const text = json.toString('utf8', start, end);
  if (text.includes('\\')) return undefined;
  if (end - start > MAX_BYTES) return text;
  known[place] = intern(text);
  return known[place];
}

/** True if the bytes are exactly that ASCII text. */
export function isText(json: Buffer, start: number, end: number, ascii: string): boolean {
  if (end - start !== ascii.length) return false;
  for (let at = 0; at < ascii.length; at += 1) {
    if (json[start + at] !== ascii.charCodeAt(at)) return false;
  }
  return true;
}

function placeOf(json: Buffer, start: number, end: number): number {
  let hash = 0;
  const near = Math.min(end, start + MAX_BYTES);
  for (let at = start; at < near; at += 1) hash = (Math.imul(hash, 31) + (json[at] ?? 0)) | 0;
  return hash & (PLACES - 1);
}

/** Property names are internalized by the engine, which compares such strings by reference. */
function intern(text: string): string {
  return Object.keys({ [text]: null })[0] ?? text;
}
