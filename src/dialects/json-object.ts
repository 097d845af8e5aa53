import { OPEN_BRACE } from './json-bytes.ts';

/** A JSON object from the wire: its members are not validated yet. */
export type JsonObject = Record<string, unknown>;

/** True for a JSON object, false for lists, null and everything else. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of a list; empty for anything that is not a list. */
export function asObjects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The value if it is a non-empty string, else undefined. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The strings of a list; undefined for anything that is not a list. */
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

/** The object in a JSON text; an empty one if the text is malformed or something else. */
export function parseObject(json: Buffer): JsonObject {
  try {
    return asObject(JSON.parse(json.toString('utf8')));
  } catch {
    return {};
  }
}

/**
 * The object in an event's data; an empty one if the data do not begin as an object, such as the `[DONE]` of
 * gateways. Throws a SyntaxError for a malformed object: to skip the event would leave a gap in the answer that
 * nobody sees.
 */
export function parseEvent(data: Buffer): JsonObject {
  return beginsObject(data) ? asObject(JSON.parse(data.toString('utf8'))) : {};
}

/** True if the first byte that is not white space opens an object. */
export function beginsObject(json: Buffer): boolean {
  const first = json.find((byte) => byte > 0x20);
  return first === OPEN_BRACE;
}

/** Copies the members that are neither null nor undefined into the target, over its own. */
export function mergeKnown(target: JsonObject, update: JsonObject): void {
  for (const [key, value] of Object.entries(update)) {
    if (value !== null && value !== undefined) target[key] = value;
  }
}
