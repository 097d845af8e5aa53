import type { GatewayError } from '../../core/gateway-error.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';
import { invalidField, requireObjects } from '../read-fields.ts';

/** The id of this dialect. */
export const GOOGLE = 'google-generate-content';

/** The 400 for what only Google's own API can do. */
export function onlyNative(path: string): GatewayError {
  return onlyNativeTo('Gemini', path);
}

/**
 * A member by its JSON name or by its name in the proto: `systemInstruction` may be `system_instruction`
 * . Null counts as absent. https://protobuf.dev/programming-guides/json/
 */
export function member(object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeCase(name)] ?? undefined;
}

/** The objects of a list, else a 400; the API takes a lone object for a list of one. Absent is empty. */
export function optionalObjects(value: unknown, path: string): JsonObject[] {
  if (value === undefined) return [];
  return isObject(value) ? [value] : requireObjects(value, path);
}

/** A number, which may be written as a string; undefined if absent, else a 400. */
export function optionalNumber(value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw invalidField(path, 'expected a number');
  }
  return number;
}

/** An enum's word without its prefix, such as `HIGH` for `THINKING_LEVEL_HIGH`; undefined for none. */
export function enumWord(value: unknown, prefix = ''): string | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.toUpperCase().replace(prefix, '');
  return word === '' || word.endsWith('UNSPECIFIED') ? undefined : word;
}

const SNAKE_NAMES = new Map<string, string>();

/** Memoized: the names are few, and looked up for every part. */
function snakeCase(name: string): string {
  const known = SNAKE_NAMES.get(name);
  if (known !== undefined) return known;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  SNAKE_NAMES.set(name, snake);
  return snake;
}
