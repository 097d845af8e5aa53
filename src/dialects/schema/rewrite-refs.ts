import { asObject, type JsonObject } from '../json-object.ts';
import { mergeSchemas } from './merge-schemas.ts';
import { noteChange, type Place, type Rewrite } from './place.ts';
import { definitionName, resolveRef } from './resolve-ref.ts';

/** Maximum nesting of inlined references; a deeper one becomes a plain object. */
const MAX_DEPTH = 6;

/** Inlines every reference. */
export const inlineRefs: Rewrite = (node, place) => writeOutRef(node, place);

/** Moves definitions under the one key that all targets know, and inlines references to anything else. */
export const refsToDefinitions: Rewrite = (node, place) => {
  const ref = node['$ref'];
  if ('definitions' in node) {
    const { definitions, ...rest } = node;
    return mergeSchemas(rest, { $defs: asObject(definitions) });
  }
  if (ref === undefined) return node;
  const name = definitionName(ref);
  const { document } = place.walk;
  const isKnown = ['$defs', 'definitions'].some((key) => resolveRef(document, `#/${key}/${name}`));
  if (name === undefined || !isKnown) return writeOutRef(node, place);
  return ref === `#/$defs/${name}` ? node : { ...node, $ref: `#/$defs/${name}` };
};

/** Removes everything beside a reference except keywords that begin with a dollar sign. */
export const bareRef: Rewrite = (node) => {
  if (!('$ref' in node)) return node;
  const members = Object.entries(node);
  const dollars = members.filter(([keyword]) => keyword.startsWith('$'));
  return dollars.length === members.length ? node : Object.fromEntries(dollars);
};

/** Replaces the node's reference by what it points to; the node's own keywords win. */
export function writeOutRef(node: JsonObject, place: Place): JsonObject {
  if (!('$ref' in node)) return node;
  const { $ref, ...siblings } = node;
  const target = resolveRef(place.walk.document, $ref);
  if (target === undefined || place.refDepth >= MAX_DEPTH || place.walk.refsLeft <= 0) {
    noteChange(place, `cut ${String($ref)}`);
    if (target === undefined) place.walk.fitsStrict = false;
    return { type: 'object', ...siblings };
  }
  place.refDepth += 1;
  place.walk.refsLeft -= 1;
  const { $defs: _defs, definitions: _definitions, ...content } = target;
  return mergeSchemas(siblings, content);
}
