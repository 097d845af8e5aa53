import { GatewayError } from '../core/gateway-error.ts';
import type { MediaSource } from './ir/chat-request.ts';
import { sniffMime } from './sniff-mime.ts';

const UNKNOWN_MIME = 'application/octet-stream';

/** Names that clients use for a type, beside the one that every provider knows. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['audio/mpeg', 'audio/mp3'],
  ['audio/x-wav', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/vnd.wave', 'audio/wav'],
]);

const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['wav', 'audio/wav'],
  ['mp3', 'audio/mp3'],
  ['ogg', 'audio/ogg'],
  ['flac', 'audio/flac'],
  ['mp4', 'video/mp4'],
  ['webm', 'video/webm'],
]);

/** The audio formats of chat completions. */
export type AudioFormat = 'wav' | 'mp3';

/** The media of a URL: the content of a data URL, else the URL to fetch it from. */
export function parseMediaUrl(url: string): MediaSource {
  if (!/^data:/i.test(url)) return { kind: 'url', url, mime: undefined };
  const comma = url.indexOf(',');
  if (comma === -1) {
    throw new GatewayError('invalid_request', 'A data URL has no comma before its content.');
  }
  const [mime = '', ...parameters] = url.slice('data:'.length, comma).split(';');
  const content = url.slice(comma + 1);
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64';
  return {
    kind: 'base64',
    mime: mime.trim() === '' ? undefined : tidyMime(mime),
    base64: isBase64 ? tidyBase64(content) : percentDecode(content).toString('base64'),
  };
}

/** The URL of a source: the inverse of `parseMediaUrl`. */
export function toDataUrl(source: Exclude<MediaSource, { kind: 'file' }>): string {
  if (source.kind === 'url') return source.url;
  return `data:${mimeOf(source) ?? UNKNOWN_MIME};base64,${source.base64}`;
}

/** The MIME type: as declared, else by the first bytes, else by the extension of the URL. */
export function mimeOf(source: MediaSource): string | undefined {
  if (source.mime !== undefined) return tidyMime(source.mime);
  if (source.kind === 'base64') return sniffMime(source.base64);
  return source.kind === 'url' ? mimeByExtension(source.url) : undefined;
}

/** The MIME type of an audio format; other formats keep their name. */
export function audioMime(format: string): string {
  return tidyMime(`audio/${format}`);
}

/** The audio format of a MIME type; undefined for what chat completions do not take. */
export function audioFormat(mime: string | undefined): AudioFormat | undefined {
  const tidy = mime === undefined ? undefined : tidyMime(mime);
  if (tidy === 'audio/wav') return 'wav';
  return tidy === 'audio/mp3' ? 'mp3' : undefined;
}

function tidyMime(mime: string): string {
  const bare = (mime.split(';')[0] ?? '').trim().toLowerCase();
  return SYNONYMS.get(bare) ?? bare;
}

/** Removes line breaks and percent-encoding, which some clients leave in. */
function tidyBase64(content: string): string {
  const text = content.includes('%') ? percentDecode(content).toString('latin1') : content;
  return /\s/.test(text) ? text.replace(/\s+/g, '') : text;
}

/** Decodes bytes, since the content need not be text. */
function percentDecode(content: string): Buffer {
  const bytes = Buffer.from(content)
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function mimeByExtension(url: string): string | undefined {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  return BY_EXTENSION.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}
