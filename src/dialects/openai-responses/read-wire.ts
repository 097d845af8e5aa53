import type { GatewayError } from '../../core/gateway-error.ts';
import type { CacheMark } from '../ir/chat-request.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';
import { requireObjects } from '../read-fields.ts';

/** The id of this dialect, as signatures, files and native parts name it. */
export const RESPONSES = 'openai-responses';

/** The 400 for what only the Responses API itself can do. */
export function onlyNative(path: string): GatewayError {
  return onlyNativeTo('OpenAI Responses', path);
}

/** The objects of a list, else a 400 that names its place; absent is empty. */
export function optionalObjects(value: unknown, path: string): JsonObject[] {
  return value === undefined || value === null ? [] : requireObjects(value, path);
}

/** The cache mark of a part's `prompt_cache_breakpoint`. */
export function readCacheMark({
  prompt_cache_breakpoint: mark,
}: JsonObject): CacheMark | undefined {
  return isObject(mark) ? { ttl: undefined } : undefined;
}
