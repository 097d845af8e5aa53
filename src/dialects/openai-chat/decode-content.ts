import type { DocumentBlock, MediaBlock, MediaSource, TextBlock } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asText, isObject, type JsonObject } from '../json-object.ts';
import { audioMime, mimeOf, parseMediaUrl } from '../media-source.ts';
import { invalidField, requireObject, requireObjects, requireText } from '../read-fields.ts';
import { readCacheMark } from './read-wire.ts';

/** Blocks that a message of any role may hold. */
export type ContentBlock = TextBlock | MediaBlock | DocumentBlock;

type PartReader<B> = (part: JsonObject, path: string) => B;

/** The content parts of every role; servers of vision models know `video_url`. */
export const CONTENT_PARTS: Readonly<Record<string, PartReader<ContentBlock>>> = {
  text: (part, path) => ({
    ...textBlock(requireText(part['text'], `${path}.text`)),
    cache: readCacheMark(part),
  }),
  image_url: (part, path) => decodeMediaUrl('image', part, path),
  video_url: (part, path) => decodeMediaUrl('video', part, path),
  input_audio: decodeAudio,
  file: decodeFile,
};

/** The blocks of a message's content: a string, a list of parts, or nothing. */
export function decodeContent<B>(
  content: unknown,
  path: string,
  parts: Readonly<Record<string, PartReader<B>>>,
): (B | TextBlock)[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [textBlock(content)];
  return requireObjects(content, path).map((part, index) => {
    const partPath = `${path}[${index}]`;
    const decode = parts[String(part['type'])];
    if (decode === undefined) {
      throw invalidField(`${partPath}.type`, `unknown content part \`${String(part['type'])}\``);
    }
    return decode(part, partPath);
  });
}

/** The texts of a content that can hold only text. */
export function decodeTexts(content: unknown, path: string): TextBlock[] {
  return decodeContent(content, path, CONTENT_PARTS).map((block) => {
    if (block.type !== 'text') throw invalidField(path, 'expected only text');
    return block;
  });
}

function decodeMediaUrl(type: 'image' | 'video', part: JsonObject, path: string): MediaBlock {
  const slot = `${type}_url`;
  const value = part[slot];
  const { url, detail } = isObject(value) ? value : { url: value, detail: undefined };
  return {
    type,
    source: parseMediaUrl(requireText(url, `${path}.${slot}.url`)),
    detail: asText(detail),
    cache: readCacheMark(part),
  };
}

function decodeAudio(part: JsonObject, path: string): MediaBlock {
  const { data, format } = requireObject(part['input_audio'], `${path}.input_audio`);
  const base64 = requireText(data, `${path}.input_audio.data`);
  const mime = audioMime(requireText(format, `${path}.input_audio.format`));
  return {
    type: 'audio',
    source: { kind: 'base64', mime, base64 },
    detail: undefined,
    cache: readCacheMark(part),
  };
}

/** The kind of a file follows from its type; most are PDFs. */
function decodeFile(part: JsonObject, path: string): ContentBlock {
  const file = requireObject(part['file'], `${path}.file`);
  const source = readFileSource(file, path);
  const mime = mimeOf(source) ?? 'application/pdf';
  const [kind] = mime.split('/');
  const cache = readCacheMark(part);
  if (kind === 'image' || kind === 'audio' || kind === 'video') {
    return { type: kind, source, detail: undefined, cache };
  }
  const isText = kind === 'text' && source.kind === 'base64';
  return {
    type: 'document',
    source: isText
      ? { kind: 'text', text: Buffer.from(source.base64, 'base64').toString('utf8') }
      : source,
    title: asText(file['filename']),
    context: undefined,
    cache,
  };
}

/** `file_data` is a data URL; compatible servers also take a URL of the web or bare base64 there. */
function readFileSource(file: JsonObject, path: string): MediaSource {
  const id = asText(file['file_id']);
  if (id !== undefined) return { kind: 'file', dialect: 'openai-chat', id, mime: undefined };
  const content = requireText(file['file_data'], `${path}.file.file_data`);
  if (/^[a-z]+:/i.test(content)) return parseMediaUrl(content);
  return { kind: 'base64', mime: undefined, base64: content };
}
