import { asObject, asObjects, asText, type JsonObject } from '../dialects/json-object.ts';
import type { ModelListRequest } from '../providers/provider-type.ts';

/** A model as its provider lists it. */
export interface UpstreamModel {
  slug: string;
  contextWindow: number | null;
  maxOutputTokens: number | null;
  /** What it is for, where the list says so. */
  kind: 'chat' | 'embeddings' | null;
}

/** The models of a list; null where the answer is no list in that shape. */
export function readModelList(
  body: Buffer,
  shape: ModelListRequest['shape'],
): UpstreamModel[] | null {
  const { member, read } = SHAPES[shape];
  const list = parse(body)[member];
  return Array.isArray(list) ? asObjects(list).flatMap((item) => read(item) ?? []) : null;
}

interface ListShape {
  /** Where the list stands. */
  member: string;
  read(item: JsonObject): UpstreamModel | null;
}

const SHAPES: Record<ModelListRequest['shape'], ListShape> = {
  // Beside what OpenAI lists: `context_length` is OpenRouter's and Together's, `max_model_len` vLLM's,
  // `context_window` Groq's.
  openai: {
    member: 'data',
    read: (item) =>
      modelOf(item, asText(item['id']), {
        contextWindow: ['context_length', 'context_window', 'max_model_len'],
        maxOutputTokens: ['max_completion_tokens'],
      }),
  },
  anthropic: {
    member: 'data',
    read: (item) =>
      modelOf(item, asText(item['id']), {
        contextWindow: ['max_input_tokens'],
        maxOutputTokens: ['max_tokens'],
      }),
  },
  google: {
    member: 'models',
    read(item) {
      const model = modelOf(item, asText(item['name'])?.replace(/^models\//, ''), {
        contextWindow: ['inputTokenLimit'],
        maxOutputTokens: ['outputTokenLimit'],
      });
      return model && { ...model, kind: googleKind(item['supportedGenerationMethods']) };
    },
  },
};

/** The members in which figures may stand, the first one that holds a number counting. */
type FigureMembers = Record<'contextWindow' | 'maxOutputTokens', readonly string[]>;

function modelOf(
  item: JsonObject,
  slug: string | undefined,
  { contextWindow, maxOutputTokens }: FigureMembers,
): UpstreamModel | null {
  if (slug === undefined) return null;
  const figure = (members: readonly string[]) =>
    members.map((member) => item[member]).find(isTokens) ?? null;
  return {
    slug,
    contextWindow: figure(contextWindow),
    maxOutputTokens: figure(maxOutputTokens),
    kind: null,
  };
}

function googleKind(methods: unknown): UpstreamModel['kind'] {
  if (!Array.isArray(methods)) return null;
  if (methods.includes('generateContent')) return 'chat';
  return methods.includes('embedContent') ? 'embeddings' : null;
}

function isTokens(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Together lists without an envelope. */
function parse(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return Array.isArray(value) ? { data: value } : asObject(value);
  } catch {
    return {};
  }
}
