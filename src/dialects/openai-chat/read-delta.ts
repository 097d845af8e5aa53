import type { BlockHead } from '../ir/stream-part.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { mimeOf, parseMediaUrl } from '../media-source.ts';
import { textOfDetails } from './reasoning-details.ts';

/** A piece of text, and the kind of block that it belongs to. */
export interface Words {
  type: 'text' | 'reasoning' | 'refusal';
  text: string;
}

/**
 * The texts in a chunk's delta or in a message, which have the same form, in reading order: reasoning, text,
 * refusal. Empty members are skipped.
 */
export function readWords(delta: JsonObject): Words[] {
  const words: Words[] = [
    { type: 'reasoning', text: readReasoning(delta) },
    ...readContent(delta['content']),
    { type: 'refusal', text: asText(delta['refusal']) ?? '' },
  ];
  return words.filter(({ text }) => text !== '');
}

/** DeepSeek's name first, then that of OpenRouter and Groq; a server that sends both repeats itself. */
function readReasoning(delta: JsonObject): string {
  return (
    asText(delta['reasoning_content']) ??
    asText(delta['reasoning']) ??
    textOfDetails(delta['reasoning_details'])
  );
}

/** Mistral's reasoning models answer in parts: https://docs.mistral.ai/capabilities/reasoning/ */
function readContent(content: unknown): Words[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return asObjects(content).map((part) =>
    part['type'] === 'thinking'
      ? { type: 'reasoning', text: readThinking(part['thinking']) }
      : { type: 'text', text: asText(part['text']) ?? '' },
  );
}

function readThinking(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking;
  return asObjects(thinking)
    .map(({ text }) => asText(text) ?? '')
    .join('');
}

/**
 * Images from the model, by OpenRouter's convention:
 * https://openrouter.ai/docs/features/multimodal/image-generation
 */
export function readImages(delta: JsonObject): BlockHead[] {
  return asObjects(delta['images']).flatMap((image): BlockHead[] => {
    const url = asText(asObject(image['image_url'])['url']);
    const source = url === undefined ? undefined : parseMediaUrl(url);
    if (source?.kind !== 'base64') return [];
    return [{ type: 'image', mime: mimeOf(source) ?? 'image/png', base64: source.base64 }];
  });
}
