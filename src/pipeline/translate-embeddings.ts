import {
  decodeOpenAiEmbeddings,
  encodeGoogleBatch,
  encodeOpenAiEmbeddings,
} from '../dialects/embeddings/google-upstream.ts';
import { encodeGoogleAnswer, encodeOpenAiRequest } from '../dialects/embeddings/openai-upstream.ts';
import { type JsonObject, parseObject } from '../dialects/json-object.ts';
import { createLosses } from '../dialects/losses.ts';
import type { Operation } from '../dialects/operation.ts';
import type { AttemptContext } from './exchange.ts';
import type { Outgoing } from './outgoing.ts';
import { estimateSize } from './request-size.ts';
import { shownModelOf } from './shown-model.ts';

/** Writes an embeddings request for the other API, and prepares the way back. */
export function translateEmbeddings(attempt: AttemptContext, operation: Operation): Outgoing {
  const body = parseObject(attempt.request.body);
  const steps =
    operation === 'batch_embed_contents' ? toGoogle(attempt, body) : toOpenAi(attempt, body);
  const encode = (value: JsonObject) => Buffer.from(JSON.stringify(value));
  return {
    operation,
    body: encode(steps.request),
    contentType: 'application/json',
    query: '',
    surface: null,
    hidesUsage: false,
    translation: {
      warnings: steps.warnings,
      translateWhole: (answer) => encode(steps.translate(parseObject(answer))),
      events: null,
    },
  };
}

interface EmbeddingSteps {
  request: JsonObject;
  warnings: readonly string[];
  translate(answer: JsonObject): JsonObject;
}

function toGoogle(attempt: AttemptContext, body: JsonObject): EmbeddingSteps {
  const { call, endpoint, request, resolution } = attempt;
  const decoded = decodeOpenAiEmbeddings(body, resolution.model.name);
  const { inputTokens } = estimateSize(request, call.operation, 0);
  const model = shownModelOf(attempt) ?? endpoint.slug;
  return {
    request: encodeGoogleBatch(decoded, endpoint.slug),
    warnings: [],
    translate: (answer) => encodeOpenAiEmbeddings(answer, decoded, { model, inputTokens }),
  };
}

function toOpenAi(attempt: AttemptContext, body: JsonObject): EmbeddingSteps {
  const { call, endpoint, resolution, runtime } = attempt;
  const losses = createLosses({
    isStrict: runtime.routingSettings.strict_translation,
    model: resolution.model.name,
    dialect: 'openai-embeddings',
  });
  return {
    request: encodeOpenAiRequest(body, endpoint.slug, losses),
    warnings: losses.warnings,
    translate: (answer) => encodeGoogleAnswer(answer, call.operation === 'batch_embed_contents'),
  };
}
