import type { JsonObject } from '../json-object.ts';
import type { SchemaTarget } from './keyword-rules.ts';
import type { Place, Rewrite } from './place.ts';
import {
  constToEnum,
  mergeAllOf,
  mergeObjects,
  oneOfToAnyOf,
  plainAnyOf,
  textConstToEnum,
} from './rewrite-combinators.ts';
import { bareRef, inlineRefs, refsToDefinitions } from './rewrite-refs.ts';
import {
  closeObjects,
  fromOldDrafts,
  itemsAsSchema,
  prefixItemsToItems,
  requiredKnown,
  withItems,
} from './rewrite-shapes.ts';
import {
  fromGoogleTypes,
  fromNullable,
  nullToNullable,
  typeListToAnyOf,
  upperTypes,
  withType,
} from './rewrite-types.ts';

const MODERN = [fromGoogleTypes, fromNullable, fromOldDrafts];

/** The rewrites for each target, in the order in which they are tried. */
const REWRITES: Readonly<Record<SchemaTarget, readonly Rewrite[]>> = {
  openai: [...MODERN, withItems],
  anthropic: MODERN,
  'openai-strict': [...MODERN, mergeAllOf, oneOfToAnyOf, withItems],
  'anthropic-strict': [
    ...MODERN,
    refsToDefinitions,
    bareRef,
    mergeObjects,
    oneOfToAnyOf,
    typeListToAnyOf,
    itemsAsSchema,
    closeObjects,
  ],
  'google-json': [
    ...MODERN,
    refsToDefinitions,
    bareRef,
    mergeAllOf,
    constToEnum,
    itemsAsSchema,
    withItems,
  ],
  'google-openapi': [
    fromOldDrafts,
    inlineRefs,
    mergeAllOf,
    oneOfToAnyOf,
    nullToNullable,
    textConstToEnum,
    typeListToAnyOf,
    plainAnyOf,
    prefixItemsToItems,
    itemsAsSchema,
    withItems,
    requiredKnown,
    upperTypes,
    withType,
  ],
};

/** The node in the target's form: rewritten until no rewrite applies. */
export function rewriteNode(node: JsonObject, place: Place): JsonObject {
  const rewrites = REWRITES[place.walk.target];
  let current = node;
  for (;;) {
    const next = rewrites.reduce((rewritten, rewrite) => rewrite(rewritten, place), current);
    if (next === current) return current;
    current = next;
  }
}
