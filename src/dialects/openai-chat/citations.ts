import type { Citation } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';

/** Citations of a message's text; `offset` is where their block begins in the message. */
export function decodeAnnotations(annotations: unknown, offset: number): Citation[] {
  return asObjects(annotations).flatMap((annotation): Citation[] => {
    if (annotation['type'] !== 'url_citation') return [];
    const { start_index, end_index, url, title } = asObject(annotation['url_citation']);
    return [
      {
        start: Math.max(0, indexOf(start_index) - offset),
        end: Math.max(0, indexOf(end_index) - offset),
        url: asText(url),
        title: asText(title),
        citedText: undefined,
        native: { dialect: 'openai-chat', raw: annotation },
      },
    ];
  });
}

/** Citations in the form of a message, which only has those of web pages. */
export function encodeAnnotations(citations: readonly Citation[], offset: number): JsonObject[] {
  return citations.flatMap(({ start, end, url, title }) =>
    url === undefined
      ? []
      : [
          {
            type: 'url_citation',
            url_citation: {
              start_index: start + offset,
              end_index: end + offset,
              title: title ?? '',
              url,
            },
          },
        ],
  );
}

function indexOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
