/** A JSON object from the wire: its members are not validated yet. */
export type JsonObject = Record<string, unknown>;

/** The value if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}

/** The value if it is a list, else an empty one. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The members of a list, each as an object. */
export function asObjects(value: unknown): JsonObject[] {
  return asList(value).map(asObject);
}

/** The value if it is a text, else an empty one. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value as a finite number (also from a numeric string), else null. */
export function asNumber(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const number = value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}
