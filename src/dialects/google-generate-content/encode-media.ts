import { GatewayError } from '../../core/gateway-error.ts';
import type { EncodeTarget } from '../dialect.ts';
import type { DocumentBlock, MediaBlock, MediaSource } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { mimeOf } from '../media-source.ts';
import { isOpenedByGoogle } from './decode-media.ts';
import { GOOGLE } from './read-wire.ts';

/** Image details → media resolutions; `auto` is the model's default. */
const RESOLUTIONS: ReadonlyMap<string | undefined, string> = new Map([
  ['low', 'MEDIA_RESOLUTION_LOW'],
  ['medium', 'MEDIA_RESOLUTION_MEDIUM'],
  ['high', 'MEDIA_RESOLUTION_HIGH'],
  ['original', 'MEDIA_RESOLUTION_HIGH'],
]);

/** Writes an image, audio or video as a part. */
export function encodeMedia(block: MediaBlock, target: EncodeTarget): JsonObject {
  const { type, source, detail } = block;
  requireInput(type, target);
  const level = RESOLUTIONS.get(detail);
  const isSayable = level !== undefined && target.caps.media_resolution;
  if (level !== undefined && !isSayable) target.losses.drop('dropped', 'detail');
  return { ...encodeSource(source, target), ...(isSayable && { mediaResolution: { level } }) };
}

/** Writes a document as parts; its title and context come before it. */
export function encodeDocument(block: DocumentBlock, target: EncodeTarget): JsonObject[] {
  const { source, title, context } = block;
  const heading = [...(title === undefined ? [] : [`[document: ${title}]`]), ...toList(context)];
  if (source.kind === 'text') return [{ text: [...heading, source.text].join('\n') }];
  requireInput('document', target);
  const file = encodeSource({ ...source, mime: source.mime ?? documentMime(source) }, target);
  return context === undefined ? [file] : [{ text: heading.join('\n') }, file];
}

function toList(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function documentMime(source: MediaSource): string | undefined {
  return mimeOf(source) ?? (source.kind === 'base64' ? 'application/pdf' : undefined);
}

/** URLs of the open web have been fetched by now; Google opens its own URLs itself. */
function encodeSource(source: MediaSource, target: EncodeTarget): JsonObject {
  const mimeType = mimeOf(source);
  switch (source.kind) {
    case 'base64':
      return {
        inlineData: { mimeType: mimeType ?? 'application/octet-stream', data: source.base64 },
      };
    case 'url':
      if (!isOpenedByGoogle(source.url)) throw notFetched(source.url);
      return { fileData: { ...(mimeType && { mimeType }), fileUri: source.url } };
    case 'file':
      if (source.dialect !== GOOGLE) throw target.losses.refuse('file_id');
      return { fileData: { ...(mimeType && { mimeType }), fileUri: source.id } };
  }
}

function requireInput(modality: MediaBlock['type'] | 'document', target: EncodeTarget): void {
  if (target.caps.input.includes(modality)) return;
  throw new GatewayError(
    'unsupported_capability',
    `\`${target.model}\` does not take ${modality} input.`,
    { param: modality },
  );
}

function notFetched(url: string): GatewayError {
  return new GatewayError(
    'media_fetch_failed',
    `The media at ${url} is not fetched by this proxy; send it inline.`,
  );
}
