import { BACKSLASH, COLON, QUOTE } from './json-bytes.ts';
import { isText } from './key-text.ts';
import { beginsWith, type Span, type StringWatcher } from './scan-json.ts';

const DATA_URL = 'data:';

/** Keys under which the APIs carry media, signatures and encrypted reasoning. */
const MEDIA_KEYS: readonly string[] = [
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
];

/** A value under such a key counts as text unless it is long and begins like base64. */
const MEDIA_BYTES = 1024;
const MEDIA_PROBE_BYTES = 256;
const BASE64 = /^(?:[\w+/=-]|\\[/nr])+$/;

/** Sums up the text of the strings that it is shown. */
export interface TextMeasure extends StringWatcher {
  bytes(): number;
}

/** Measures the text in a JSON body, in UTF-8 bytes: string values as written, without keys and base64 media. */
export function createTextMeasure(json: Buffer): TextMeasure {
  let bytes = 0;
  const key = { start: 0, end: 0 };
  return {
    key(start, end) {
      key.start = start;
      key.end = end;
    },
    value(start, end) {
      if (!isMedia(json, key, { start, end })) bytes += end - start;
    },
    bytes: () => bytes,
  };
}

/** Measures the text of a JSON body from quote to quote, for estimates; the JSON need not be valid. */
export function measureText(json: Buffer): number {
  const measure = createTextMeasure(json);
  let open = json.indexOf(QUOTE);
  while (open !== -1) {
    const close = closingQuote(json, open);
    if (close === -1) break;
    if (isKey(json, close)) measure.key(open + 1, close);
    else measure.value(open + 1, close);
    open = json.indexOf(QUOTE, close + 1);
  }
  return measure.bytes();
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

/**
 * Both the key and the value have to look like media: a document may be plain text, and Chinese text has no
 * spaces.
 */
function isMedia(json: Buffer, key: Span, { start, end }: Span): boolean {
  const isDataUrl = beginsWith(json, start, DATA_URL);
  if (!isDataUrl && end - start <= MEDIA_BYTES) return false;
  if (!isMediaKey(json, key)) return false;
  return isDataUrl || BASE64.test(json.toString('latin1', start, start + MEDIA_PROBE_BYTES));
}

/** Compares bytes: to make a string of the key would cost more than the rest for a text of some kilobytes. */
function isMediaKey(json: Buffer, { start, end }: Span): boolean {
  return MEDIA_KEYS.some((key) => isText(json, start, end, key));
}
