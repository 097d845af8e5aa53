import type { SurfaceId } from '../../dialects/operation.ts';
import { CREATED_SECONDS } from './handler.ts';

/** The models that the simulator lists; it answers to any name. */
const MODELS = ['sim-large', 'sim-small', 'sim-embeddings', 'sim-image', 'sim-speech'];

const CREATED_AT = new Date(CREATED_SECONDS * 1000).toISOString();

/** The model list in that API's shape, or one model of it; null if there is none of that id. */
export function listModels(surface: SurfaceId, id: string | null): object | null {
  const encode = ENCODERS[surface];
  if (id === null) return encode.list(MODELS.map(encode.item));
  return MODELS.includes(id) ? encode.item(id) : null;
}

interface ListEncoder {
  item(id: string): object;
  list(items: object[]): object;
}

const ENCODERS: Record<SurfaceId, ListEncoder> = {
  /** https://platform.openai.com/docs/api-reference/models */
  openai: {
    item: (id) => ({ id, object: 'model', created: CREATED_SECONDS, owned_by: 'simulator' }),
    list: (data) => ({ object: 'list', data }),
  },
  /** https://docs.claude.com/en/api/models-list */
  anthropic: {
    item: (id) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: CREATED_AT,
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      line: null,
      max_input_tokens: 200_000,
      max_tokens: 64_000,
      capabilities: null,
    }),
    list: (data) => ({ data, has_more: false, first_id: MODELS[0], last_id: MODELS.at(-1) }),
  },
  /** https://ai.google.dev/api/models */
  google: {
    item: (id) => ({
      name: `models/${id}`,
      version: '1',
      displayName: id,
      description: 'A simulated model.',
      inputTokenLimit: 200_000,
      outputTokenLimit: 64_000,
      supportedGenerationMethods: ['generateContent', 'countTokens', 'embedContent'],
    }),
    list: (models) => ({ models }),
  },
};
