import type { Citation } from '../ir/chat-request.ts';
import { asText, type JsonObject } from '../json-object.ts';

const DIALECT = 'openai-responses';

/**
 * The source in an annotation. Its indices are taken as code points of the part's text:
 * https://platform.openai.com/docs/guides/tools-web-search#output-and-citations
 */
export function decodeAnnotation(annotation: JsonObject): Citation {
  const { start_index: start, end_index: end, index } = annotation;
  return {
    start: asIndex(start ?? index),
    end: asIndex(end ?? index),
    url: asText(annotation['url']),
    title: asText(annotation['title']) ?? asText(annotation['filename']),
    citedText: undefined,
    native: { dialect: DIALECT, raw: annotation },
  };
}

/** The annotation for a source; null if the source is not a web page. */
export function encodeAnnotation({ start, end, url, title, native }: Citation): JsonObject | null {
  if (native?.dialect === DIALECT) return native.raw as JsonObject;
  if (url === undefined) return null;
  return { type: 'url_citation', start_index: start, end_index: end, url, title: title ?? '' };
}

function asIndex(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.floor(value) : 0;
}
