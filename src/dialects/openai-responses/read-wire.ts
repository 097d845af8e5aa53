import { GatewayError } from '../../core/gateway-error.ts';
import type { CacheMark } from '../ir/chat-request.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';

/** The dialect of this folder, as signatures, files and native parts name it. */
export const RESPONSES = 'openai-responses';

/** The 400 for a body that no Responses API would take; its message names the field. */
export function invalidField(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\`: ${problem}.`, { param: path });
}

/** The 400 for what only the Responses API itself can do. */
export function onlyNative(path: string): GatewayError {
  return onlyNativeTo('OpenAI Responses', path);
}

/** The value if it is an object, else a 400 that names its place. */
export function requireObject(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalidField(path, 'expected an object');
  return value;
}

/** The value if it is a list of objects, else a 400 that names its place; absent is empty. */
export function requireObjects(value: unknown, path: string): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidField(path, 'expected a list');
  return value.map((element, index) => requireObject(element, `${path}[${index}]`));
}

/** The value if it is a text, else a 400 that names its place. */
export function requireText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalidField(path, 'expected a text');
  return value;
}

/** The value if it is a number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The value if it is true or false. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** The texts of a list; undefined for anything that is no list. */
export function asTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((element) => typeof element === 'string');
}

/** The mark that a part's `prompt_cache_breakpoint` makes. */
export function readCacheMark({
  prompt_cache_breakpoint: mark,
}: JsonObject): CacheMark | undefined {
  return isObject(mark) ? { ttl: undefined } : undefined;
}
