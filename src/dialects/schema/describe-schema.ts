import type { JsonObject } from '../json-object.ts';

/** Asks a model in words for an answer that a schema describes, where its API cannot hold it to one. */
export function describeSchema(schema: JsonObject): string {
  return `Reply with one JSON value only, valid against this JSON Schema:\n${JSON.stringify(schema)}`;
}
