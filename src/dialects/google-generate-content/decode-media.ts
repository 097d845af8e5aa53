import type { DocumentBlock, MediaBlock, MediaSource } from '../ir/chat-request.ts';
import { asObject, asText, type JsonObject } from '../json-object.ts';
import { mimeOf } from '../media-source.ts';
import { requireObject, requireText } from '../read-fields.ts';
import { enumWord, GOOGLE, member } from './read-wire.ts';

/** Files of a Google account or bucket; other services cannot open them. */
const GOOGLE_FILE = /^gs:\/\/|^files\/|^https:\/\/generativelanguage\.googleapis\.com\/.*files\//;

const VIDEO_PAGE = /^https:\/\/(www\.youtube\.com|youtu\.be)\//;

/** Media resolutions → image details in the words of the other APIs. */
const DETAILS: ReadonlyMap<string | undefined, string> = new Map([
  ['LOW', 'low'],
  ['MEDIUM', 'auto'],
  ['HIGH', 'high'],
  ['ULTRA_HIGH', 'original'],
]);

/** The image detail for a media resolution. */
export function decodeResolution(resolution: unknown): string | undefined {
  return DETAILS.get(enumWord(resolution, 'MEDIA_RESOLUTION_'));
}

/** True for a URL that only Google can open. */
export function isGoogleFile(url: string): boolean {
  return GOOGLE_FILE.test(url);
}

/** True for a URL that Google opens by itself: its files, and public videos. */
export function isOpenedByGoogle(url: string): boolean {
  return GOOGLE_FILE.test(url) || VIDEO_PAGE.test(url);
}

/** Reads a part that holds the bytes of media. */
export function decodeInlineData(part: JsonObject, path: string): MediaBlock | DocumentBlock {
  const blob = requireObject(member(part, 'inlineData'), `${path}.inlineData`);
  const base64 = requireText(member(blob, 'data'), `${path}.inlineData.data`);
  const source: MediaSource = { kind: 'base64', mime: asText(member(blob, 'mimeType')), base64 };
  return asMedia(source, part, asText(member(blob, 'displayName')));
}

/** Reads a part that refers to media by its URI. */
export function decodeFileData(part: JsonObject, path: string): MediaBlock | DocumentBlock {
  const file = requireObject(member(part, 'fileData'), `${path}.fileData`);
  const url = requireText(member(file, 'fileUri'), `${path}.fileData.fileUri`);
  const declared = asText(member(file, 'mimeType'));
  const mime = declared ?? (VIDEO_PAGE.test(url) ? 'video/mp4' : mimeByEnding(url));
  const source: MediaSource = isGoogleFile(url)
    ? { kind: 'file', dialect: GOOGLE, id: url, mime }
    : { kind: 'url', url, mime };
  return asMedia(source, part, asText(member(file, 'displayName')));
}

function mimeByEnding(url: string): string | undefined {
  return mimeOf({ kind: 'url', url, mime: undefined });
}

function asMedia(
  source: MediaSource,
  part: JsonObject,
  title: string | undefined,
): MediaBlock | DocumentBlock {
  const mime = mimeOf(source);
  const [kind] = mime?.split('/') ?? [];
  if (kind === 'image' || kind === 'audio' || kind === 'video') {
    const { level } = asObject(member(part, 'mediaResolution'));
    return { type: kind, source, detail: decodeResolution(level), cache: undefined };
  }
  const isText = source.kind === 'base64' && (kind === 'text' || mime === 'application/json');
  return {
    type: 'document',
    source: isText
      ? { kind: 'text', text: Buffer.from(source.base64, 'base64').toString('utf8') }
      : source,
    title,
    context: undefined,
    cache: undefined,
  };
}
