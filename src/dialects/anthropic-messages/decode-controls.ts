import type { OutputControl, ReasoningControl } from '../ir/chat-request.ts';
import {
  asNumber,
  asObject,
  asObjects,
  asText,
  isObject,
  type JsonObject,
} from '../json-object.ts';
import { invalidField } from '../read-fields.ts';
import { asEffort } from '../reasoning-effort.ts';
import { onlyNative } from './read-wire.ts';

/** How much to reason and how much of it to show; undefined if the client does not say. */
export function decodeReasoning(body: JsonObject): ReasoningControl | undefined {
  const thinking = asObject(body['thinking']);
  const effort = asEffort(asObject(body['output_config'])['effort']);
  const expose = thinking['display'] === 'omitted' ? 'none' : 'summary';
  const budget = asNumber(thinking['budget_tokens']);
  switch (thinking['type']) {
    case undefined:
      if (effort === undefined) return undefined;
      return { mode: 'auto', effort, budget: undefined, expose: 'none' };
    case 'disabled':
      return { mode: 'off', effort, budget: undefined, expose: 'none' };
    case 'between_tools':
      return { mode: 'auto', effort, budget: undefined, expose: 'none' };
    case 'enabled':
      return { mode: 'budget', effort, budget, expose };
    case 'adaptive':
      return { mode: effort === undefined ? 'auto' : 'effort', effort, budget: undefined, expose };
    default:
      throw invalidField('thinking.type', `unknown type \`${String(thinking['type'])}\``);
  }
}

/** The format and the maximum length of the answer. */
export function decodeOutput(body: JsonObject): OutputControl {
  const maxTokens = asNumber(body['max_tokens']);
  // Zero fills Anthropic's prompt cache without an answer.
  if (maxTokens === 0) throw onlyNative('max_tokens');
  return { format: readFormat(body), maxTokens, verbosity: undefined, modalities: undefined };
}

/** `output_format` is the name from the beta. */
function readFormat(body: JsonObject): OutputControl['format'] {
  const format = asObject(body['output_config'])['format'] ?? body['output_format'];
  if (!isObject(format)) return undefined;
  const { type, schema } = format;
  if (type !== 'json_schema' || !isObject(schema)) {
    throw invalidField('output_config.format', 'expected a json_schema with its schema');
  }
  return { type: 'schema', name: undefined, schema, strict: undefined, description: undefined };
}

/** The service tier in neutral words. */
export function decodeTier(body: JsonObject): string | undefined {
  if (body['speed'] === 'fast') return 'fast';
  const tier = asText(body['service_tier']);
  return tier === 'standard_only' ? 'default' : tier;
}

/** Fields that change the state or the course of a conversation, which no other API supports. */
const STATE = [
  'container',
  'fallbacks',
  'thread',
  'compaction',
  'billing_policy',
  'mcp_servers',
] as const;

/** Fields that only Anthropic's API reads, and whose loss does not harm the answer. */
const HINTS = ['diagnostics', 'inference_geo', 'user_profile_id'] as const;

/**
 * The fields that other APIs can ignore; throws 400 for those whose loss would change what the client gets
 * (X-49).
 */
export function decodeNativeFields(body: JsonObject): JsonObject {
  for (const field of STATE) {
    const value = body[field];
    if (value !== undefined && value !== null && !isEmptyList(value)) throw onlyNative(field);
  }
  checkContextEdits(body['context_management']);
  const kept: JsonObject = {};
  for (const field of HINTS) if (body[field] != null) kept[field] = body[field];
  if (asObject(body['thinking'])['type'] === 'between_tools') kept['thinking'] = body['thinking'];
  return kept;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/**
 * Removing the thinking of earlier turns is allowed: it is not sent to other providers anyway, and coding
 * agents always ask for it.
 */
function checkContextEdits(management: unknown): void {
  const edits = asObjects(asObject(management)['edits']);
  const isHarmless = edits.every(({ type }) => String(type).startsWith('clear_thinking_'));
  if (!isHarmless) throw onlyNative('context_management');
}
