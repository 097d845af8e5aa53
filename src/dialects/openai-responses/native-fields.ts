import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest } from '../ir/chat-request.ts';
import { asObject, type JsonObject } from '../json-object.ts';
import { onlyNative } from './read-wire.ts';

/** Fields for state that the API keeps, and for ways of running a call that only it has. */
const STATE = [
  'access_programs',
  'background',
  'context_management',
  'conversation',
  'previous_response_id',
  'prompt',
] as const;

/** Fields whose loss does not harm the answer. */
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

/** The fields that other APIs do not know and can ignore, as they were sent. */
export function decodeHints(body: JsonObject): JsonObject {
  const hints = Object.fromEntries(
    HINTS.filter((field) => isSet(body[field])).map((field) => [field, body[field]]),
  );
  // Disabled truncation and no storage are what other APIs do anyway, so neither is a loss.
  if (hints['truncation'] === 'disabled') delete hints['truncation'];
  return body['store'] === true ? { ...hints, store: true } : hints;
}

/** Hints of the client's own dialect that have the same name in this API; the others are lost. */
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
