import { countCodePoints } from '../count-code-points.ts';
import type { Citation } from '../ir/chat-request.ts';
import { asText, type JsonObject } from '../json-object.ts';
import { FOREIGN_MARK } from '../reasoning-envelope.ts';

/** A citation of a text block: it supports the whole text. */
export function decodeCitation(raw: JsonObject, text: string): Citation {
  return {
    start: 0,
    end: countCodePoints(text),
    // A search result has its place in `source`, a web page in `url`.
    url: asText(raw['url']) ?? asText(raw['source']),
    title: asText(raw['title']) ?? asText(raw['document_title']),
    citedText: asText(raw['cited_text']),
    native: { dialect: 'anthropic-messages', raw },
  };
}

/** A citation in the form of a text block, or null for one without a page. */
export function encodeCitation({ url, title, citedText, native }: Citation): unknown {
  if (native?.dialect === 'anthropic-messages') return native.raw;
  if (url === undefined) return null;
  return {
    type: 'web_search_result_location',
    url,
    title: title ?? null,
    cited_text: citedText ?? '',
    // Not Anthropic's, and so told apart from its own when it comes back.
    encrypted_index: FOREIGN_MARK,
  };
}

/** A section of text and the citations that support all of it. */
export interface CitedText {
  text: string;
  citations: unknown[];
}

/** Cuts a text at the bounds of its citations, because in this API a citation supports a whole block. */
export function splitAtCitations(text: string, citations: readonly Citation[]): CitedText[] {
  const encoded = citations.flatMap((citation) => {
    const wire = encodeCitation(citation);
    return wire === null ? [] : [{ ...citation, wire }];
  });
  if (encoded.length === 0) return [{ text, citations: [] }];
  const points = [...text];
  const bounds = new Set([0, points.length]);
  for (const { start, end } of encoded) {
    bounds.add(Math.min(start, points.length)).add(Math.min(end, points.length));
  }
  const cuts = [...bounds].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? points.length;
    const covering = encoded.filter(({ start, end }) => start <= from && end >= to);
    return {
      text: points.slice(from, to).join(''),
      citations: covering.map(({ wire }) => wire),
    };
  });
}
