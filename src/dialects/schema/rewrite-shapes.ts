import { asObject, isObject, type JsonObject } from '../json-object.ts';
import { addHint } from './add-hint.ts';
import { asList, distinct } from './merge-schemas.ts';
import type { Rewrite } from './place.ts';

/** Converts older keywords of JSON Schema (drafts 4 to 7) to those of 2020-12. */
export const fromOldDrafts: Rewrite = (node) => {
  if (Array.isArray(node['items'])) {
    const { items, additionalItems, ...rest } = node;
    return {
      ...rest,
      prefixItems: items,
      ...(additionalItems !== undefined && { items: additionalItems }),
    };
  }
  return exclusiveAsNumber(
    exclusiveAsNumber(node, 'exclusiveMinimum', 'minimum'),
    'exclusiveMaximum',
    'maximum',
  );
};

/** In draft 4 `true` makes the limit beside it exclusive. */
function exclusiveAsNumber(node: JsonObject, exclusive: string, limit: string): JsonObject {
  if (typeof node[exclusive] !== 'boolean') return node;
  const { [exclusive]: isExclusive, [limit]: value, ...rest } = node;
  return value === undefined ? rest : { ...rest, [isExclusive ? exclusive : limit]: value };
}

/** Adds items to an array that has none: several upstreams refuse one without. */
export const withItems: Rewrite = (node) => {
  const isArray = [node['type']].flat().some((type) => type === 'array' || type === 'ARRAY');
  return isArray && !('items' in node) ? { ...node, items: {} } : node;
};

/** Turns a tuple into a list whose elements may be of any of its types. */
export const prefixItemsToItems: Rewrite = (node) => {
  if (!Array.isArray(node['prefixItems'])) return node;
  const { prefixItems, items, ...rest } = node;
  const kinds = distinct([...prefixItems, items].filter(isObject));
  return { ...rest, items: kinds.length === 1 ? kinds[0] : { anyOf: kinds } };
};

/** Replaces `true` in the place of items by a schema, and removes `false`. */
export const itemsAsSchema: Rewrite = (node) => {
  if (typeof node['items'] !== 'boolean') return node;
  const { items, ...rest } = node;
  return items ? { ...rest, items: {} } : rest;
};

/** Closes objects to undeclared members; what they allowed of those moves into the description. */
export const closeObjects: Rewrite = (node, place) => {
  const isOpen = node['type'] === 'object' && node['additionalProperties'] !== false;
  if (!isOpen) return node;
  const { additionalProperties: others, ...rest } = node;
  const closed = { ...rest, additionalProperties: false };
  if (others === undefined) return closed;
  place.walk.fitsStrict = false;
  return addHint(closed, ['additionalProperties', others]);
};

/** Removes required members that the node does not declare. */
export const requiredKnown: Rewrite = (node) => {
  if (!('required' in node)) return node;
  const { required, ...rest } = node;
  const names = asList(required);
  const properties = asObject(node['properties']);
  const known = names.filter(
    (name) => Object.hasOwn(properties, String(name)) && properties[String(name)] !== false,
  );
  if (known.length === 0) return rest;
  return known.length === names.length ? node : { ...rest, required: known };
};
