import type { Block, DocumentBlock, MediaBlock, MediaSource } from '../ir/chat-request.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { invalidField, requireObject, requireObjects, requireText } from '../read-fields.ts';
import { readCacheMark } from './read-wire.ts';

/** An image block of a request. */
export function decodeImage(block: JsonObject, path: string): MediaBlock {
  return {
    type: 'image',
    source: decodeSource(requireObject(block['source'], `${path}.source`), `${path}.source`),
    detail: undefined,
    cache: readCacheMark(block['cache_control']),
  };
}

/** A document block: its file or text, followed by the images among its parts. */
export function decodeDocument(block: JsonObject, path: string): (DocumentBlock | MediaBlock)[] {
  const source = requireObject(block['source'], `${path}.source`);
  const head = {
    type: 'document' as const,
    title: asText(block['title']),
    context: asText(block['context']),
    cache: readCacheMark(block['cache_control']),
  };
  switch (source['type']) {
    case 'text':
      return [{ ...head, source: { kind: 'text', text: requireText(source['data'], path) } }];
    case 'content':
      return decodeParts(head, source['content'], `${path}.source.content`);
    default:
      return [{ ...head, source: decodeSource(source, `${path}.source`) }];
  }
}

/** A search result that the client hands in: a text with its title and URL. */
export function decodeSearchResult(block: JsonObject, path: string): Block[] {
  const { title, source, content } = block;
  const head = {
    type: 'document' as const,
    title: asText(title),
    context: asText(source),
    cache: readCacheMark(block['cache_control']),
  };
  return decodeParts(head, content, `${path}.content`);
}

function decodeParts(
  head: Omit<DocumentBlock, 'source'>,
  content: unknown,
  path: string,
): (DocumentBlock | MediaBlock)[] {
  if (typeof content === 'string') return [{ ...head, source: { kind: 'text', text: content } }];
  const parts = requireObjects(content, path);
  const texts = parts.flatMap((part) => asText(part['text']) ?? []);
  const images = parts.flatMap((part, index) =>
    part['type'] === 'image' ? decodeImage(part, `${path}[${index}]`) : [],
  );
  return [{ ...head, source: { kind: 'text', text: texts.join('\n') } }, ...images];
}

function decodeSource(source: JsonObject, path: string): MediaSource {
  const mime = asText(source['media_type']);
  switch (source['type']) {
    case 'base64':
      return { kind: 'base64', mime, base64: requireText(source['data'], `${path}.data`) };
    case 'url':
      return { kind: 'url', mime, url: requireText(source['url'], `${path}.url`) };
    case 'file':
      return {
        kind: 'file',
        dialect: 'anthropic-messages',
        id: requireText(source['file_id'], `${path}.file_id`),
        mime,
      };
    default:
      throw invalidField(`${path}.type`, `unknown source \`${String(source['type'])}\``);
  }
}
