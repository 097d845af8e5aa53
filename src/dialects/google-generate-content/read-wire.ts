import { GatewayError } from '../../core/gateway-error.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';

/** This dialect. */
export const GOOGLE = 'google-generate-content';

/** The 400 for a body that no generateContent API would take; the message begins with the path. */
export function invalidField(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `${path}: ${problem}.`, { param: path });
}

/** The 400 for what only Google's own API can do. */
export function onlyNative(path: string): GatewayError {
  return onlyNativeTo('Gemini', path);
}

/**
 * A member by its JSON name or by the proto's own: `systemInstruction` is `system_instruction` too
 * and null says nothing. https://protobuf.dev/programming-guides/json/
 */
export function member(object: JsonObject, name: string): unknown {
  return object[name] ?? object[snakeCase(name)] ?? undefined;
}

/** The value if it is an object, else a 400 that names its place. */
export function requireObject(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalidField(path, 'expected an object');
  return value;
}

/** The objects of a list; the API takes a lone object for a list of one. Absent is empty. */
export function requireObjects(value: unknown, path: string): JsonObject[] {
  if (value === undefined) return [];
  if (isObject(value)) return [value];
  if (!Array.isArray(value)) throw invalidField(path, 'expected a list');
  return value.map((element, index) => requireObject(element, `${path}[${index}]`));
}

/** The value if it is a text, else a 400 that names its place. */
export function requireText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalidField(path, 'expected a text');
  return value;
}

/** A number, which may be written as a text; undefined where nothing is said, else a 400. */
export function optionalNumber(value: unknown, path: string): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) {
    throw invalidField(path, 'expected a number');
  }
  return number;
}

/** The texts of a list; undefined for anything that is no list. */
export function asTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((element) => typeof element === 'string');
}

/** An enum's word without its prefix, such as `HIGH` for `THINKING_LEVEL_HIGH`; undefined for none. */
export function enumWord(value: unknown, prefix = ''): string | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.toUpperCase().replace(prefix, '');
  return word === '' || word.endsWith('UNSPECIFIED') ? undefined : word;
}

const SNAKE_NAMES = new Map<string, string>();

/** The names are few, and asked for at every part. */
function snakeCase(name: string): string {
  const known = SNAKE_NAMES.get(name);
  if (known !== undefined) return known;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  SNAKE_NAMES.set(name, snake);
  return snake;
}
