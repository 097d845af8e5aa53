import type {
  CacheControl,
  ChatRequest,
  OutputControl,
  ReasoningControl,
  Sampling,
} from '../ir/chat-request.ts';
import { asText, isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireObject, requireText } from '../read-fields.ts';
import { asEffort, EFFORTS } from '../reasoning-effort.ts';
import { optionalBoolean, optionalNumber } from './read-wire.ts';

/** The sampling parameters. */
export function decodeSampling(body: JsonObject): Sampling {
  const number = (name: string) => optionalNumber(body[name], name);
  return {
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: number('top_k'),
    seed: number('seed'),
    presencePenalty: number('presence_penalty'),
    frequencyPenalty: number('frequency_penalty'),
    logitBias: readMap(body['logit_bias'], 'logit_bias', 'number') as Sampling['logitBias'],
  };
}

/** The format and the maximum length of the answer. */
export function decodeOutput(body: JsonObject): OutputControl {
  const { modalities } = body;
  const isTextAlone = !Array.isArray(modalities) || modalities.every((each) => each === 'text');
  return {
    format: readFormat(body['response_format']),
    maxTokens:
      optionalNumber(body['max_completion_tokens'], 'max_completion_tokens') ??
      optionalNumber(body['max_tokens'], 'max_tokens'),
    verbosity: asText(body['verbosity']),
    modalities: isTextAlone ? undefined : modalities.map(String),
  };
}

function readFormat(value: unknown): OutputControl['format'] {
  if (value === undefined || value === null) return undefined;
  const format = requireObject(value, 'response_format');
  switch (format['type']) {
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema':
      return readSchema(requireObject(format['json_schema'], 'response_format.json_schema'));
    default:
      throw invalidField('response_format.type', `unknown format \`${String(format['type'])}\``);
  }
}

function readSchema(format: JsonObject): OutputControl['format'] {
  const { name, description, strict, schema } = format;
  return {
    type: 'schema',
    name: asText(name),
    schema: requireObject(schema ?? {}, 'response_format.json_schema.schema'),
    strict: strict === true,
    description: asText(description),
  };
}

/** How much to reason; this API cannot choose what is shown, so all of it is. */
export function decodeReasoning(value: unknown): ReasoningControl | undefined {
  if (value === undefined || value === null) return undefined;
  const effort = asEffort(value);
  if (effort === undefined) {
    throw invalidField('reasoning_effort', `expected one of ${EFFORTS.join(', ')}`);
  }
  const mode = effort === 'none' ? 'off' : 'effort';
  return { mode, effort, budget: undefined, expose: 'summary' };
}

/** The stop strings. */
export function decodeStop(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const stops = Array.isArray(value) ? value : [value];
  return stops.map((stop, index) => requireText(stop, `stop[${index}]`));
}

/** Whether log probabilities are requested, and of how many alternatives. */
export function decodeLogprobs(body: JsonObject): ChatRequest['logprobs'] {
  if (optionalBoolean(body['logprobs'], 'logprobs') !== true) return undefined;
  return { top: optionalNumber(body['top_logprobs'], 'top_logprobs') ?? 0 };
}

/** Caching of the prompt as a whole. */
export function decodeCache(body: JsonObject): CacheControl {
  const options = body['prompt_cache_options'];
  return {
    key: asText(body['prompt_cache_key']),
    ttl: isObject(options) ? asText(options['ttl']) : undefined,
    mark: undefined,
  };
}

/** The client's own metadata. */
export function decodeMetadata(value: unknown): Record<string, string> | undefined {
  return readMap(value, 'metadata', 'string') as Record<string, string> | undefined;
}

function readMap(value: unknown, path: string, type: 'string' | 'number'): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  const map = requireObject(value, path);
  const odd = Object.keys(map).find((key) => typeof map[key] !== type);
  if (odd !== undefined) throw invalidField(`${path}.${odd}`, `expected a ${type}`);
  return map;
}
