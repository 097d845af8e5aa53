import type { CacheMark } from '../ir/chat-request.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { invalidField, requireObject } from '../read-fields.ts';

/** The value if it is a number; undefined if absent, else a 400. */
export function optionalNumber(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw invalidField(path, 'expected a number');
  return value;
}

/** The value if it is true or false; undefined if absent, else a 400. */
export function optionalBoolean(value: unknown, path: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalidField(path, 'expected true or false');
  return value;
}

/** The object; undefined if absent, else a 400. */
export function optionalObject(value: unknown, path: string): JsonObject | undefined {
  return value === undefined || value === null ? undefined : requireObject(value, path);
}

/**
 * The cache mark of a content part: OpenAI's breakpoint, or the `cache_control` that clients of
 * Anthropic models add. https://openrouter.ai/docs/features/prompt-caching
 */
export function readCacheMark(part: JsonObject): CacheMark | undefined {
  if (isObject(part['prompt_cache_breakpoint'])) return { ttl: undefined };
  const mark = part['cache_control'];
  if (!isObject(mark) || mark['type'] !== 'ephemeral') return undefined;
  const { ttl } = mark;
  return { ttl: ttl === '5m' || ttl === '1h' ? ttl : undefined };
}
