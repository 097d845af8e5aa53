import { GatewayError } from '../../core/gateway-error.ts';
import { documentName } from '../document-name.ts';
import type {
  DocumentBlock,
  MediaBlock,
  MediaSource,
  RefusalBlock,
  TextBlock,
} from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { mimeOf, toDataUrl } from '../media-source.ts';
import { encodeAnnotation } from './annotations.ts';
import type { ContentBlock } from './decode-content.ts';
import type { InputTarget } from './input-target.ts';

/** Marks the end of a prompt to be cached: https://platform.openai.com/docs/guides/prompt-caching */
export const BREAKPOINT = { prompt_cache_breakpoint: { mode: 'explicit' } };

/** A part of a message or of a tool's output; throws 400 for media that cannot be sent. */
export function encodePart(block: ContentBlock, target: InputTarget): JsonObject {
  return { ...writePart(block, target), ...(target.isMarked(block) && BREAKPOINT) };
}

function writePart(block: ContentBlock, target: InputTarget): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'input_text', text: block.text };
    case 'image':
      return encodeImage(block, target);
    case 'document':
      return encodeDocument(block, target);
    case 'audio':
    case 'video':
      throw unsupportedMedia(block.type, target);
  }
}

/** A part of a message of the model. */
export function encodeAnswerPart(block: TextBlock | RefusalBlock): JsonObject {
  if (block.type === 'refusal') return { type: 'refusal', refusal: block.text };
  const annotations = block.citations.map(encodeAnnotation).filter((each) => each !== null);
  return { type: 'output_text', text: block.text, annotations };
}

function encodeImage({ source, detail }: MediaBlock, target: InputTarget): JsonObject {
  requireInput('image', target);
  const image_url = toDataUrl(requirePortable(source, target));
  return { type: 'input_image', image_url, detail: detail ?? 'auto' };
}

function encodeDocument(block: DocumentBlock, target: InputTarget): JsonObject {
  const { source, title, context } = block;
  if (source.kind === 'text') {
    const heading = [title, context].filter((line) => line !== undefined).join(' — ');
    const text = heading === '' ? source.text : `[document: ${heading}]\n${source.text}`;
    return { type: 'input_text', text };
  }
  requireInput('document', target);
  const portable = requirePortable(source, target);
  if (portable.kind === 'url') return { type: 'input_file', file_url: portable.url };
  const mime = mimeOf(portable) ?? 'application/pdf';
  return {
    type: 'input_file',
    filename: documentName(title, mime),
    file_data: toDataUrl({ ...portable, mime }),
  };
}

/** A file's id is valid only in the account that it was uploaded to. */
function requirePortable(
  source: MediaSource,
  { losses }: InputTarget,
): Exclude<MediaSource, { kind: 'file' }> {
  if (source.kind !== 'file') return source;
  throw losses.refuse('file_id');
}

function requireInput(kind: 'image' | 'document', target: InputTarget): void {
  if (!target.caps.input.includes(kind)) throw unsupportedMedia(kind, target);
}

function unsupportedMedia(kind: string, { model }: InputTarget): GatewayError {
  const message = `\`${model}\` does not take ${kind} input.`;
  return new GatewayError('unsupported_capability', message, { param: kind });
}
