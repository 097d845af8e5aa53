import { OPEN_BRACE } from './json-bytes.ts';

/** A JSON object off the wire: nothing is known of its members. */
export type JsonObject = Record<string, unknown>;

/** True for a JSON object, false for lists, null and everything else. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of a list; empty for anything that is no list. */
export function asObjects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value if it is a text with something in it, else undefined. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; undefined for anything that is no list. */
export function asTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((element) => typeof element === 'string');
}

/** The value if it is a number, else undefined. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The value if it is true or false, else undefined. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** The object that a JSON text holds; an empty one where the text is malformed or something else. */
export function parseObject(json: Buffer): JsonObject {
  try {
    return asObject(JSON.parse(json.toString('utf8')));
  } catch {
    return {};
  }
}

/**
 * The object that the data of an event hold; an empty one where they do not even begin as an object, such as
 * the `[DONE]` of gateways. Throws a SyntaxError where they do and are none: without that event the answer
 * would have a gap that nobody sees.
 */
export function parseEvent(data: Buffer): JsonObject {
  return beginsObject(data) ? asObject(JSON.parse(data.toString('utf8'))) : {};
}

/** True if the first byte that is no white space opens an object. */
export function beginsObject(json: Buffer): boolean {
  const first = json.find((byte) => byte > 0x20);
  return first === OPEN_BRACE;
}

/** Puts the members that say something into the object, over what it had. */
export function mergeKnown(target: JsonObject, update: JsonObject): void {
  for (const [key, value] of Object.entries(update)) {
    if (value !== null && value !== undefined) target[key] = value;
  }
}
