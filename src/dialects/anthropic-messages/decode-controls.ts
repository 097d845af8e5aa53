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

/** How much to think and what to show of it; undefined where the client said nothing. */
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

/** What the answer is to look like, and how long it may get. */
export function decodeOutput(body: JsonObject): OutputControl {
  const maxTokens = asNumber(body['max_tokens']);
  // Zero warms Anthropic's cache without an answer.
  if (maxTokens === 0) throw onlyNative('max_tokens');
  return { format: readFormat(body), maxTokens, verbosity: undefined, modalities: undefined };
}

/** `output_format` is what the beta called it. */
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

/** What changes the state or the course of a conversation, which no other API can do. */
const STATE = [
  'container',
  'fallbacks',
  'thread',
  'compaction',
  'billing_policy',
  'mcp_servers',
] as const;

/** What only Anthropic's API reads, and an answer is as good without. */
const HINTS = ['diagnostics', 'inference_geo', 'user_profile_id'] as const;

/**
 * The fields that other APIs can do without; throws 400 for those whose loss would change what the
 * client gets.
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

/** Thinking of earlier turns is not sent to other providers anyway; coding agents ask for it always. */
function checkContextEdits(management: unknown): void {
  const edits = asObjects(asObject(management)['edits']);
  const isHarmless = edits.every(({ type }) => String(type).startsWith('clear_thinking_'));
  if (!isHarmless) throw onlyNative('context_management');
}
