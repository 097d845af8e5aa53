import type { EncodeTarget } from '../dialect.ts';
import { documentName } from '../document-name.ts';
import type { DocumentBlock, MediaBlock, MediaSource, TextBlock } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { audioFormat, mimeOf, toDataUrl } from '../media-source.ts';
import type { ContentBlock } from './decode-content.ts';

/** The content part of a block; throws 400 for media that the API or the model does not take. */
export function encodePart(block: ContentBlock, target: EncodeTarget): JsonObject {
  return { ...writePart(block, target), ...writeCacheMark(block, target) };
}

/** The content of a message: a single text without a cache mark is a string, anything else a list of parts. */
export function encodeContent(
  blocks: readonly ContentBlock[],
  target: EncodeTarget,
): string | JsonObject[] {
  const parts = blocks.map((block) => encodePart(block, target));
  const [first] = parts;
  const isString =
    parts.length === 1 && first?.['type'] === 'text' && Object.keys(first).length === 2;
  return isString ? String(first['text']) : parts;
}

function writePart(block: ContentBlock, target: EncodeTarget): JsonObject {
  switch (block.type) {
    case 'text':
      return textPart(block.text);
    case 'document':
      return writeDocument(block, target);
    case 'image':
      return writeImage(block, target);
    case 'audio':
      return writeAudio(block, target);
    case 'video':
      throw target.losses.refuse('video');
  }
}

/** A text part without a cache mark. */
export function textPart(text: string): JsonObject {
  return { type: 'text', text };
}

function writeImage({ source, detail }: MediaBlock, target: EncodeTarget): JsonObject {
  requireInput('image', target);
  const url = toDataUrl(requirePortable(source, target));
  if (!/^(https?|data):/i.test(url)) throw target.losses.refuse('image');
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } };
}

function writeAudio({ source }: MediaBlock, target: EncodeTarget): JsonObject {
  requireInput('audio', target);
  const format = audioFormat(mimeOf(source));
  if (source.kind !== 'base64' || format === undefined) {
    throw target.losses.refuse('audio');
  }
  return { type: 'input_audio', input_audio: { data: source.base64, format } };
}

function writeDocument(block: DocumentBlock, target: EncodeTarget): JsonObject {
  const { source, title, context } = block;
  if (source.kind === 'text') {
    const heading = [title, context].filter((line) => line !== undefined).join(' — ');
    return textPart(heading === '' ? source.text : `[document: ${heading}]\n${source.text}`);
  }
  requireInput('document', target);
  const portable = requirePortable(source, target);
  // The API has no field for the URL of a file.
  if (portable.kind === 'url') throw target.losses.refuse('document');
  const mime = mimeOf(portable) ?? 'application/pdf';
  const filename = documentName(title, mime);
  return { type: 'file', file: { filename, file_data: toDataUrl({ ...portable, mime }) } };
}

/** A file's id is valid only in the account that it was uploaded to. */
function requirePortable(
  source: MediaSource,
  target: EncodeTarget,
): Exclude<MediaSource, { kind: 'file' }> {
  if (source.kind !== 'file') return source;
  throw target.losses.refuse('file_id');
}

function requireInput(kind: 'image' | 'audio' | 'document', target: EncodeTarget): void {
  if (target.caps.input.includes(kind)) return;
  throw target.losses.refuse(kind);
}

function writeCacheMark({ cache }: ContentBlock, { caps, losses }: EncodeTarget): JsonObject {
  if (cache === undefined) return {};
  if (caps.prompt_cache === 'explicit') return { prompt_cache_breakpoint: { mode: 'explicit' } };
  losses.drop('dropped', 'cache_control');
  return {};
}

/** Joins text blocks to one text. */
export function joinTexts(blocks: readonly TextBlock[], separator: string): string {
  return blocks.map(({ text }) => text).join(separator);
}
