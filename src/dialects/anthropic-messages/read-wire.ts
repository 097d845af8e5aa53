import { GatewayError } from '../../core/gateway-error.ts';
import type { CacheMark } from '../ir/chat-request.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { onlyNativeTo } from '../losses.ts';

/** The 400 for a body that no Messages API would take; the message begins with the field's path. */
export function invalidField(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `${path}: ${problem}.`, { param: path });
}

/** The 400 for what only Anthropic's own API can do. */
export function onlyNative(path: string): GatewayError {
  return onlyNativeTo('Anthropic Messages', path);
}

/** The value if it is an object, else a 400 that names its place. */
export function requireObject(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalidField(path, 'expected an object');
  return value;
}

/** The value if it is a list of objects, else a 400 that names its place. */
export function requireObjects(value: unknown, path: string): JsonObject[] {
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

/** The texts of a list; undefined for anything that is no list. */
export function asTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((element) => typeof element === 'string');
}

/** The mark of a `cache_control` member. */
export function readCacheMark(value: unknown): CacheMark | undefined {
  if (!isObject(value) || value['type'] !== 'ephemeral') return undefined;
  const { ttl } = value;
  return { ttl: ttl === '5m' || ttl === '1h' ? ttl : undefined };
}
