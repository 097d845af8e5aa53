import { GatewayError } from '../../core/gateway-error.ts';
import { asObject, asObjects, type JsonObject } from '../json-object.ts';
import { unsupported } from '../losses.ts';

/** What the answer needs to know of an OpenAI embeddings request. */
export interface OpenAiEmbeddingsRequest {
  texts: string[];
  dimensions: number | undefined;
  encoding: 'float' | 'base64';
}

/** Reads an OpenAI embeddings request; throws 400 for what Google cannot embed. */
export function decodeOpenAiEmbeddings(body: JsonObject, model: string): OpenAiEmbeddingsRequest {
  const { input, dimensions, encoding_format: encoding } = body;
  const texts = typeof input === 'string' ? [input] : input;
  if (!Array.isArray(texts) || texts.length === 0 || texts.includes('')) {
    throw invalid('`input` must be a string or an array of strings, none of them empty.');
  }
  if (!texts.every((text) => typeof text === 'string')) {
    // Token ids have a meaning for one tokenizer only.
    throw unsupported('input', { model, dialect: 'google-embeddings' });
  }
  return {
    texts,
    dimensions: typeof dimensions === 'number' ? dimensions : undefined,
    encoding: encoding === 'base64' ? 'base64' : 'float',
  };
}

/** Google's batch request for the texts, order kept. https://ai.google.dev/api/embeddings */
export function encodeGoogleBatch(
  { texts, dimensions }: OpenAiEmbeddingsRequest,
  slug: string,
): JsonObject {
  return {
    requests: texts.map((text) => ({
      model: `models/${slug}`,
      content: { parts: [{ text }] },
      ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
    })),
  };
}

/** Google's batch answer as OpenAI writes it; vectors as base64 are little-endian 32-bit floats. */
export function encodeOpenAiEmbeddings(
  answer: JsonObject,
  request: OpenAiEmbeddingsRequest,
  { model, inputTokens }: { model: string; inputTokens: number },
): JsonObject {
  const vectors = asObjects(answer['embeddings']).map(({ values }) => values as number[]);
  const reported = asObject(answer['usageMetadata'])['promptTokenCount'];
  const tokens = typeof reported === 'number' ? reported : inputTokens;
  return {
    object: 'list',
    data: vectors.map((values, index) => ({
      object: 'embedding',
      index,
      embedding: encodeVector(values, request),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function encodeVector(
  values: readonly number[],
  { dimensions, encoding }: OpenAiEmbeddingsRequest,
): number[] | string {
  // Google truncates a vector without scaling it back to unit length, which OpenAI's clients rely on.
  const vector = dimensions === undefined ? [...values] : normalize(values);
  if (encoding === 'float') return vector;
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

function normalize(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return length === 0 ? [...values] : values.map((value) => value / length);
}

/** The text of a Google content; throws 400 for parts of other kinds. */
export function contentText(content: unknown): string {
  const parts = asObjects(asObject(content)['parts']);
  if (!parts.every(({ text }) => typeof text === 'string')) {
    throw invalid('Only text parts can be embedded by this model.');
  }
  return parts.map(({ text }) => text).join('\n');
}

/** The 400 for a malformed request. */
export function invalid(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}
