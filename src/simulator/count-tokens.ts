import { asObject } from './json-object.ts';

const BYTES_PER_TOKEN = 4;

/** Tokens of that number of UTF-8 bytes: a quarter, rounded up. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Tokens of a text: its UTF-8 bytes divided by four, rounded up, so at least 1 unless empty. */
export function countTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

/** The longest beginning of a text with at most that many tokens, without half a character. */
export function cutToTokens(text: string, tokens: number): string {
  const bytes = Buffer.from(text);
  let end = tokens * BYTES_PER_TOKEN;
  if (bytes.length <= end) return text;
  while (end > 0 && isContinuationByte(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end);
}

function isContinuationByte(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Members of a message that a model does not read as text: labels, ids, media, opaque state. */
const UNREAD = new Set([
  ...['type', 'role', 'id', 'status', 'call_id', 'tool_call_id', 'tool_use_id', 'cache_control'],
  ...['image_url', 'input_audio', 'file', 'file_id', 'file_url', 'file_data', 'filename', 'detail'],
  ...['source', 'media_type', 'inlineData', 'inline_data', 'fileData', 'thoughtSignature'],
  ...['signature', 'data', 'encrypted_content'],
]);

/** Members whose objects are tool arguments and results: they count as JSON text. */
const READ_AS_JSON = new Set(['input', 'args', 'response']);

/** All text in a message that is counted, in order: its texts, and tool calls and results as JSON. */
export function readableText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(readableText).join('');
  let text = '';
  for (const [name, member] of Object.entries(asObject(value))) {
    if (UNREAD.has(name)) continue;
    const isJson = READ_AS_JSON.has(name) && typeof member === 'object';
    text += isJson ? JSON.stringify(member) : readableText(member);
  }
  return text;
}
