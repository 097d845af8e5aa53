const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const DATA_URL = Buffer.from('data:');

/** Longer values without a space in their first bytes are media as base64, not text. */
const MEDIA_BYTES = 1024;
const MEDIA_PROBE_BYTES = 256;

/**
 * UTF-8 bytes of the text that a JSON body holds: its string values, without keys and without media as
 * base64. A walk from quote to quote, for estimates; the JSON need not be valid.
 */
export function measureText(json: Buffer): number {
  let bytes = 0;
  let open = json.indexOf(QUOTE);
  while (open !== -1) {
    const close = closingQuote(json, open);
    if (close === -1) break;
    if (!isKey(json, close) && !isMedia(json, open + 1, close)) bytes += close - open - 1;
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

function isMedia(json: Buffer, start: number, end: number): boolean {
  if (json.subarray(start, start + DATA_URL.length).equals(DATA_URL)) return true;
  return (
    end - start > MEDIA_BYTES && !json.subarray(start, start + MEDIA_PROBE_BYTES).includes(0x20)
  );
}
