const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const DATA_URL = 'data:';

/** Where the APIs carry media, signatures and encrypted reasoning. */
const MEDIA_KEYS: ReadonlySet<string> = new Set([
  'b64_json',
  'data',
  'encrypted_content',
  'file_data',
  'image_url',
  'result',
  'signature',
  'thoughtSignature',
  'thought_signature',
  'url',
]);

/** A value of such a key is text all the same, unless it is long and begins as base64 does. */
const MEDIA_BYTES = 1024;
const MEDIA_PROBE_BYTES = 256;
const BASE64 = /^(?:[\w+/=-]|\\[/nr])+$/;

/** A string in a JSON text, without its quotes. */
interface Text {
  start: number;
  end: number;
}

/**
 * UTF-8 bytes of the text that a JSON body holds: its string values, without keys and without media as
 * base64. A walk from quote to quote, for estimates; the JSON need not be valid.
 */
export function measureText(json: Buffer): number {
  let bytes = 0;
  let key: Text = { start: 0, end: 0 };
  let open = json.indexOf(QUOTE);
  while (open !== -1) {
    const close = closingQuote(json, open);
    if (close === -1) break;
    const text = { start: open + 1, end: close };
    if (isKey(json, close)) key = text;
    else if (!isMedia(json, key, text)) bytes += text.end - text.start;
    open = json.indexOf(QUOTE, close + 1);
  }
  return bytes;
}

function closingQuote(json: Buffer, open: number): number {
  let quote = json.indexOf(QUOTE, open + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    quote = json.indexOf(QUOTE, quote + 1);
  }
  return -1;
}

function isKey(json: Buffer, close: number): boolean {
  let next = close + 1;
  while (json[next] === 0x20 || json[next] === 0x0a || json[next] === 0x0d || json[next] === 0x09) {
    next += 1;
  }
  return json[next] === COLON;
}

/** Byte by byte, since a view of the bytes costs more than nearly all of the values have to be looked at. */
function beginsWith(json: Buffer, start: number, ascii: string): boolean {
  for (let at = 0; at < ascii.length; at += 1) {
    if (json[start + at] !== ascii.charCodeAt(at)) return false;
  }
  return true;
}

/** Keys and values must agree: a document may be plain text, and text without a space may be Chinese. */
function isMedia(json: Buffer, key: Text, { start, end }: Text): boolean {
  const isDataUrl = beginsWith(json, start, DATA_URL);
  if (!isDataUrl && end - start <= MEDIA_BYTES) return false;
  if (!MEDIA_KEYS.has(json.toString('latin1', key.start, key.end))) return false;
  return isDataUrl || BASE64.test(json.toString('latin1', start, start + MEDIA_PROBE_BYTES));
}
