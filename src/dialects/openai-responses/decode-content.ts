import type {
  DocumentBlock,
  MediaBlock,
  MediaSource,
  RefusalBlock,
  TextBlock,
} from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { audioMime, mimeOf, parseMediaUrl } from '../media-source.ts';
import { invalidField, requireText } from '../read-fields.ts';
import { decodeAnnotation } from './annotations.ts';
import { optionalObjects, RESPONSES, readCacheMark } from './read-wire.ts';

export type ContentBlock = TextBlock | MediaBlock | DocumentBlock;

/** Content of a user, an instruction or a tool: a string, or a list of parts. */
export function decodeContent(content: unknown, path: string): ContentBlock[] {
  return decodeParts(content, path, INPUT_PARTS);
}

/** Content of the model. */
export function decodeAnswer(content: unknown, path: string): (TextBlock | RefusalBlock)[] {
  return decodeParts(content, path, ANSWER_PARTS);
}

type PartDecoder<Block> = (part: JsonObject, path: string) => Block;

function decodeParts<Block>(
  content: unknown,
  path: string,
  decoders: Readonly<Record<string, PartDecoder<Block | TextBlock>>>,
): (Block | TextBlock)[] {
  if (typeof content === 'string') return [textBlock(content)];
  return optionalObjects(content, path).map((part, index) => {
    const place = `${path}[${index}]`;
    const decode = decoders[String(part['type'])];
    if (decode === undefined) {
      throw invalidField(`${place}.type`, `unknown part type \`${String(part['type'])}\``);
    }
    return decode(part, place);
  });
}

const INPUT_PARTS: Readonly<Record<string, PartDecoder<ContentBlock>>> = {
  input_text: decodeText,
  output_text: decodeText,
  input_image: decodeImage,
  input_file: decodeFile,
  input_audio: decodeAudio,
};

const ANSWER_PARTS: Readonly<Record<string, PartDecoder<TextBlock | RefusalBlock>>> = {
  output_text: decodeText,
  input_text: decodeText,
  refusal: (part, path) => ({
    type: 'refusal',
    text: requireText(part['refusal'], `${path}.refusal`),
  }),
};

function decodeText(part: JsonObject, path: string): TextBlock {
  return {
    type: 'text',
    text: requireText(part['text'], `${path}.text`),
    citations: asObjects(part['annotations']).map(decodeAnnotation),
    cache: readCacheMark(part),
  };
}

function decodeImage(part: JsonObject, path: string): MediaBlock {
  const url = asText(part['image_url']);
  return {
    type: 'image',
    source: url === undefined ? fileSource(part, path) : parseMediaUrl(url),
    detail: asText(part['detail']),
    cache: readCacheMark(part),
  };
}

function decodeAudio(part: JsonObject, path: string): MediaBlock {
  const { data, format } = asObject(part['input_audio']);
  const base64 = requireText(data, `${path}.input_audio.data`);
  const mime = audioMime(asText(format) ?? 'wav');
  return {
    type: 'audio',
    source: { kind: 'base64', mime, base64 },
    detail: undefined,
    cache: undefined,
  };
}

/** A file becomes a document, a text or an image, depending on its content. */
function decodeFile(part: JsonObject, path: string): DocumentBlock | MediaBlock {
  const source = readFileSource(part, path);
  const mime = mimeOf(source);
  const cache = readCacheMark(part);
  if (mime?.startsWith('image/')) return { type: 'image', source, detail: undefined, cache };
  const title = asText(part['filename']);
  const document = { type: 'document', title, context: undefined, cache } as const;
  if (source.kind !== 'base64' || !mime?.startsWith('text/')) return { ...document, source };
  const text = Buffer.from(source.base64, 'base64').toString('utf8');
  return { ...document, source: { kind: 'text', text } };
}

function readFileSource(part: JsonObject, path: string): MediaSource {
  const url = asText(part['file_url']);
  if (url !== undefined) return parseMediaUrl(url);
  const data = asText(part['file_data']);
  if (data === undefined) return fileSource(part, path);
  if (/^data:/i.test(data)) return parseMediaUrl(data);
  return { kind: 'base64', mime: undefined, base64: data };
}

function fileSource(part: JsonObject, path: string): MediaSource {
  const id = asText(part['file_id']);
  if (id === undefined) throw invalidField(path, 'expected a URL, data or a `file_id`');
  return { kind: 'file', dialect: RESPONSES, id, mime: undefined };
}
