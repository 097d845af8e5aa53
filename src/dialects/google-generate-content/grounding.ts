import { countCodePoints } from '../count-code-points.ts';
import type { Citation } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';
import { GOOGLE } from './read-wire.ts';

/** What a candidate reports about its sources; in a stream the latest report counts. */
export interface Grounding {
  read(candidate: JsonObject): void;
  /** The citations of a text that were not returned for an earlier text. */
  citationsOf(text: string): Citation[];
}

/** A section of text and its source. */
interface Support {
  key: string;
  segment: JsonObject;
  sources: { url: string | undefined; title: string | undefined; raw: unknown }[];
}

/** Sources of one candidate. */
export function createGrounding(): Grounding {
  let supports: Support[] = [];
  let recited: Support[] = [];
  const used = new Set<string>();
  return {
    read(candidate) {
      const grounded = readSupports(asObject(candidate['groundingMetadata']));
      if (grounded.length > 0) supports = grounded;
      const cited = readRecitations(asObject(candidate['citationMetadata']));
      if (cited.length > 0) recited = cited;
    },
    citationsOf(text) {
      return [...supports, ...recited].flatMap(({ key, segment, sources }) => {
        const place = used.has(key) ? null : placeIn(text, segment);
        if (place === null) return [];
        used.add(key);
        return sources.map(({ url, title, raw }) => ({
          ...place,
          url,
          title,
          native: { dialect: GOOGLE, raw },
        }));
      });
    },
  };
}

function readSupports({ groundingChunks, groundingSupports }: JsonObject): Support[] {
  const chunks = asObjects(groundingChunks);
  return asObjects(groundingSupports).map((support) => {
    const indices = support['groundingChunkIndices'];
    return {
      key: JSON.stringify(support),
      segment: asObject(support['segment']),
      sources: (Array.isArray(indices) ? indices : []).map((index) => {
        const chunk = asObject(chunks[Number(index)]);
        const page = asObject(chunk['web'] ?? chunk['retrievedContext'] ?? chunk['maps']);
        return { url: asText(page['uri']), title: asText(page['title']), raw: chunk };
      }),
    };
  });
}

/** Text that recites a known work. https://ai.google.dev/api/generate-content#citationmetadata */
function readRecitations({ citations, citationSources }: JsonObject): Support[] {
  return asObjects(citations ?? citationSources).map((raw) => ({
    key: JSON.stringify(raw),
    segment: { startIndex: raw['startIndex'], endIndex: raw['endIndex'] },
    sources: [{ url: asText(raw['uri']), title: asText(raw['title']), raw }],
  }));
}

/**
 * Place of a segment in code points; its own offsets count UTF-8 bytes of a part. The quoted text is more
 * reliable, because a stream cuts parts anywhere.
 */
function placeIn(
  text: string,
  segment: JsonObject,
): Pick<Citation, 'start' | 'end' | 'citedText'> | null {
  const bytes = Buffer.from(text);
  const [from, to] = [Number(segment['startIndex'] ?? 0), Number(segment['endIndex'] ?? 0)];
  const quoted = asText(segment['text']);
  const citedText = bytes.toString('utf8', from, to);
  const before = bytes.toString('utf8', 0, from);
  if (quoted === undefined || quoted === citedText) {
    if (to > bytes.length || to <= from) return null;
    return spanOf(before, citedText);
  }
  const index = text.indexOf(quoted);
  return index === -1 ? null : spanOf(text.slice(0, index), quoted);
}

function spanOf(before: string, citedText: string): Pick<Citation, 'start' | 'end' | 'citedText'> {
  const start = countCodePoints(before);
  return { start, end: start + countCodePoints(citedText), citedText };
}

/** A text of an answer with its citations, and the index of its part. */
export interface CitedPart {
  partIndex: number;
  text: string;
  citations: readonly Citation[];
}

/** The `groundingMetadata` of an answer, with offsets in bytes; undefined if no citation names a page. */
export function encodeGrounding(
  parts: readonly CitedPart[],
  queries: readonly string[],
): JsonObject | undefined {
  const pages = new Map<string, JsonObject>();
  const groundingSupports: JsonObject[] = [];
  for (const { partIndex, text, citations } of parts) {
    const points = [...text];
    for (const { start, end, url, title } of citations) {
      if (url === undefined) continue;
      if (!pages.has(url)) pages.set(url, { web: { uri: url, ...(title && { title }) } });
      const cited = points.slice(start, end).join('');
      const startIndex = Buffer.byteLength(points.slice(0, start).join(''));
      const segment = {
        ...(partIndex > 0 && { partIndex }),
        startIndex,
        endIndex: startIndex + Buffer.byteLength(cited),
        text: cited,
      };
      groundingSupports.push({ segment, groundingChunkIndices: [[...pages.keys()].indexOf(url)] });
    }
  }
  if (groundingSupports.length + queries.length === 0) return undefined;
  return {
    ...(queries.length > 0 && { webSearchQueries: queries }),
    groundingChunks: [...pages.values()],
    groundingSupports,
  };
}
