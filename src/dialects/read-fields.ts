import { GatewayError } from '../core/gateway-error.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** The 400 for a body that its API would not take; the message names the field. */
export function invalidField(path: string, problem: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\`: ${problem}.`, { param: path });
}

/** The value if it is an object, else a 400 that names its place. */
export function requireObject(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalidField(path, 'expected an object');
  return value;
}

/** The value if it is a list of objects, else a 400 that names its place. */
export function requireObjects(value: unknown, path: string): JsonObject[] {
  if (!Array.isArray(value)) throw invalidField(path, 'expected an array');
  return value.map((element, index) => requireObject(element, `${path}[${index}]`));
}

/** The value if it is a text, else a 400 that names its place. */
export function requireText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw invalidField(path, 'expected a string');
  return value;
}
