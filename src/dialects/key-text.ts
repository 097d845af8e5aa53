/** So many keys are remembered, each at the one place that its bytes lead to. */
const PLACES = 512;

/** The keys of the APIs are shorter. */
const MAX_BYTES = 40;

/** Holds what was read last of all that leads to a place, so that no client can fill it. */
const known: string[] = new Array(PLACES).fill('');

/**
 * The text of a key that stands there between its quotes; undefined where it holds escapes, which have to be
 * parsed. The same few keys are in every body: one that is known is found by its bytes, which takes a third
 * of what a new string takes, and it is the very string that the code compares it with.
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

/** True if it is that ASCII text which stands there. */
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

/** The engine has one string of each name of a property, and compares such by where they are. */
function intern(text: string): string {
  return Object.keys({ [text]: null })[0] ?? text;
}
