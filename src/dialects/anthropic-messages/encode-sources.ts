import type { DocumentBlock, MediaBlock, MediaSource } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { mimeOf } from '../media-source.ts';
import type { RequestContext } from './request-context.ts';

/** The only image types that the API takes. https://platform.claude.com/docs/en/build-with-claude/vision */
const IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** An image; a URL is passed on unchanged. Throws 400 for audio, video and other image types. */
export function encodeImage(
  { type, source, detail }: MediaBlock,
  { caps, losses, refuse }: RequestContext,
): JsonObject {
  if (type !== 'image' || !caps.input.includes('image')) throw refuse(type);
  if (detail !== undefined && detail !== 'auto') losses.drop('dropped', 'detail');
  switch (source.kind) {
    case 'url':
      if (!isWebUrl(source.url)) throw refuse('image url');
      return { type, source: { type: 'url', url: source.url } };
    case 'base64': {
      const media_type = mimeOf(source) ?? 'unknown';
      if (!IMAGES.includes(media_type)) throw refuse(`image of type ${media_type}`);
      return { type, source: { type: 'base64', media_type, data: source.base64 } };
    }
    case 'file':
      throw refuse('file id');
  }
}

/** A document: a PDF or a plain text. */
export function encodeDocument(block: DocumentBlock, context: RequestContext): JsonObject {
  if (!context.caps.input.includes('document')) throw context.refuse('document');
  const { title, context: about } = block;
  return {
    type: 'document',
    source: encodeDocumentSource(block.source, context),
    ...(title !== undefined && { title }),
    ...(about !== undefined && { context: about }),
  };
}

function encodeDocumentSource(
  source: DocumentBlock['source'],
  { refuse }: RequestContext,
): JsonObject {
  switch (source.kind) {
    case 'text':
      return plainText(source.text);
    case 'url':
      if (!isWebUrl(source.url)) throw refuse('document url');
      return { type: 'url', url: source.url };
    case 'base64':
      return encodeFile(source, refuse);
    case 'file':
      throw refuse('file id');
  }
}

function encodeFile(
  source: Extract<MediaSource, { kind: 'base64' }>,
  refuse: RequestContext['refuse'],
): JsonObject {
  const mime = mimeOf(source) ?? 'unknown';
  if (mime === 'application/pdf') {
    return { type: 'base64', media_type: mime, data: source.base64 };
  }
  if (!mime.startsWith('text/')) throw refuse(`document of type ${mime}`);
  return plainText(Buffer.from(source.base64, 'base64').toString('utf8'));
}

function plainText(data: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data };
}

function isWebUrl(url: string): boolean {
  return /^https?:/i.test(url);
}
