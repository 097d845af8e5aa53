import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest } from '../ir/chat-request.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { onlyNative } from './read-wire.ts';

/** State that the API keeps, and courses of a call that only it can take. */
const STATE = [
  'access_programs',
  'background',
  'context_management',
  'conversation',
  'previous_response_id',
  'prompt',
] as const;

/** What an answer is as good without. */
const HINTS = [
  'max_tool_calls',
  'moderation',
  'prompt_cache_options',
  'prompt_cache_retention',
  'truncation',
] as const;

/** Throws 400 for fields whose loss would change what the client gets. */
export function refuseState(body: JsonObject): void {
  for (const field of STATE) {
    if (isSet(body[field])) throw onlyNative(field);
  }
  if (asObject(body['prompt_cache_options'])['prewarm'] === true) {
    throw onlyNative('prompt_cache_options.prewarm');
  }
}

/** The fields that other APIs do not know and can do without, as they were sent. */
export function decodeHints(body: JsonObject): JsonObject {
  const hints = Object.fromEntries(
    HINTS.filter((field) => isSet(body[field])).map((field) => [field, body[field]]),
  );
  // Truncation is off by default, and so is what is not stored: neither is lost.
  if (hints['truncation'] === 'disabled') delete hints['truncation'];
  return body['store'] === true ? { ...hints, store: true } : hints;
}

/**
 * Hints of the client's own dialect, as far as this API has them under the same name; the others are
 * lost.
 */
export function encodeHints({ extra }: ChatRequest, { caps, losses }: EncodeTarget): JsonObject {
  const known: JsonObject = {};
  for (const [field, value] of Object.values(extra).flatMap((fields) => Object.entries(fields))) {
    const isCaching = field === 'prompt_cache_options';
    const isKnown = HINTS.some((hint) => hint === field);
    if (isKnown && (!isCaching || caps.prompt_cache === 'explicit')) known[field] = value;
    else losses.drop('dropped', field);
  }
  return known;
}

function isSet(value: unknown): boolean {
  const isEmpty = Array.isArray(value) && value.length === 0;
  return value !== undefined && value !== null && value !== false && !isEmpty;
}
