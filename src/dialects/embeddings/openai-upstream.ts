import { asObject, asObjects, type JsonObject } from '../json-object.ts';
import type { Losses } from '../losses.ts';
import { contentText, invalid } from './google-upstream.ts';

/** Google embedding requests, one or a batch, as OpenAI writes them. */
export function encodeOpenAiRequest(body: JsonObject, slug: string, losses: Losses): JsonObject {
  const requests = Array.isArray(body['requests']) ? asObjects(body['requests']) : [body];
  if (requests.length === 0) throw invalid('`requests` is empty.');
  for (const field of ['taskType', 'title']) {
    if (requests.some((request) => request[field] !== undefined)) losses.drop('dropped', field);
  }
  const [dimensions, ...others] = new Set(
    requests.map(({ outputDimensionality }) => outputDimensionality),
  );
  if (others.length > 0) throw invalid('All requests of a batch need one outputDimensionality.');
  return {
    model: slug,
    input: requests.map(({ content }) => contentText(content)),
    encoding_format: 'float',
    ...(typeof dimensions === 'number' ? { dimensions } : {}),
  };
}

/** OpenAI's answer as Google writes it: one embedding, or a batch in the order asked. */
export function encodeGoogleAnswer(answer: JsonObject, isBatchAnswer: boolean): JsonObject {
  const ordered = asObjects(answer['data']).toSorted(
    (a, b) => Number(a['index']) - Number(b['index']),
  );
  const embeddings = ordered.map(({ embedding }) => ({ values: embedding }));
  const { prompt_tokens: tokens } = asObject(answer['usage']);
  const usage = typeof tokens === 'number' ? { usageMetadata: { promptTokenCount: tokens } } : {};
  return isBatchAnswer ? { embeddings, ...usage } : { embedding: embeddings[0], ...usage };
}
