import { asObject, type JsonObject } from '../json-object.ts';
import { mergeSchemas } from './merge-schemas.ts';
import { noteChange, type Place, type Rewrite } from './place.ts';
import { definitionName, resolveRef } from './resolve-ref.ts';

/** References within one another that are written out; deeper there is just an object. */
const MAX_DEPTH = 6;

/** Every reference as what it points to. */
export const inlineRefs: Rewrite = (node, place) => writeOutRef(node, place);

/** Definitions under the one key that everybody knows, references to anything else written out. */
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

/** Nothing beside a reference but what begins with a dollar sign. */
export const bareRef: Rewrite = (node) => {
  if (!('$ref' in node)) return node;
  const members = Object.entries(node);
  const dollars = members.filter(([keyword]) => keyword.startsWith('$'));
  return dollars.length === members.length ? node : Object.fromEntries(dollars);
};

/** The node with what its reference points to in the reference's place; its own words stand. */
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
