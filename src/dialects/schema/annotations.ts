import type { JsonObject } from '../json-object.ts';

/** Keywords that say something about a node without narrowing what it takes. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...['title', 'description', 'default', 'examples', 'example', 'nullable', 'deprecated'],
  ...['readOnly', 'writeOnly', '$schema', '$id', '$comment', '$anchor', '$defs', 'definitions'],
]);

/** Splits a node into what it says about itself and what it requires of values. */
export function splitAnnotations(node: JsonObject): {
  annotations: JsonObject;
  constraints: JsonObject;
} {
  const members = Object.entries(node);
  return {
    annotations: Object.fromEntries(members.filter(([keyword]) => ANNOTATIONS.has(keyword))),
    constraints: Object.fromEntries(members.filter(([keyword]) => !ANNOTATIONS.has(keyword))),
  };
}
