import { asObject, isObject, type JsonObject } from '../json-object.ts';
import { addHint } from './add-hint.ts';
import { type SchemaTarget, verdictOn } from './keyword-rules.ts';
import { asList } from './merge-schemas.ts';
import { objectRoot } from './object-root.ts';
import { noteChange, type Place, type Walk } from './place.ts';
import { isRecursive } from './resolve-ref.ts';
import { rewriteNode } from './rewrite-node.ts';

export type { SchemaTarget } from './keyword-rules.ts';
export { objectRoot } from './object-root.ts';

export interface CleanedSchema {
  schema: JsonObject;
  /** False if the target would refuse it as a strict schema: then clean it for the lenient target. */
  fitsStrict: boolean;
  /** The keyword that makes the whole request impossible (400), or null. */
  refused: string | null;
  /** The changes that were made, for the log: `hint minLength at properties.name`. */
  changes: string[];
}

/** References that may be inlined in one schema, in total. */
const MAX_REFS = 500;

/** The keywords that hold schemas, and in what shape; everything else is data and stays unchanged. */
const CHILDREN: ReadonlyMap<string, 'map' | 'list' | 'one'> = new Map([
  ['properties', 'map'],
  ['patternProperties', 'map'],
  ['dependentSchemas', 'map'],
  ['$defs', 'map'],
  ['definitions', 'map'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['allOf', 'list'],
  ['prefixItems', 'list'],
  ['items', 'one'],
  ['additionalProperties', 'one'],
  ['unevaluatedItems', 'one'],
  ['unevaluatedProperties', 'one'],
  ['propertyNames', 'one'],
  ['contains', 'one'],
  ['not', 'one'],
  ['if', 'one'],
  ['then', 'one'],
  ['else', 'one'],
]);

/**
 * The schema as the target accepts it; the given one is not changed. OpenAI and Anthropic
 * require an object at the root and get one. Google requires it for tools only: for those the caller uses
 * `objectRoot` first.
 */
export function cleanSchema(schema: JsonObject, target: SchemaTarget): CleanedSchema {
  const root = target.startsWith('google') ? schema : objectRoot(schema);
  const walk: Walk = {
    target,
    document: root ?? schema,
    refsLeft: MAX_REFS,
    fitsStrict: root !== null || !target.endsWith('strict'),
    refused: root === null && target.startsWith('anthropic') ? rootKeyword(schema) : null,
    changes: [],
  };
  if (target === 'anthropic-strict' && isRecursive(walk.document)) walk.fitsStrict = false;
  const cleaned = cleanNode(walk.document, { path: '', refDepth: 0, walk });
  const { fitsStrict, refused, changes } = walk;
  return { schema: cleaned, fitsStrict, refused, changes };
}

/** The keyword that keeps the root from being an object. */
function rootKeyword(schema: JsonObject): string {
  return ['$ref', 'allOf', 'anyOf', 'oneOf'].find((keyword) => keyword in schema) ?? 'type';
}

function cleanNode(given: JsonObject, place: Place): JsonObject {
  const { walk } = place;
  const node = rewriteNode(given, place);
  if (node !== given) noteChange(place, 'rewrite');
  const kept: [string, unknown][] = [];
  const hints: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(node)) {
    const verdict = verdictOn(keyword, value, walk.target);
    if (verdict === 'keep') kept.push([keyword, cleanMember(keyword, value, place)]);
    else noteChange(place, `${verdict} ${keyword}`);
    if (verdict === 'hint') hints.push([keyword, value]);
    if (verdict === 'refuse') walk.refused ??= keyword;
  }
  const cleaned = hints.reduce(addHint, Object.fromEntries(kept) as JsonObject);
  if (walk.refused !== null || !isStrict(cleaned, walk.target)) walk.fitsStrict = false;
  return cleaned;
}

function cleanMember(keyword: string, value: unknown, place: Place): unknown {
  const path = place.path === '' ? keyword : `${place.path}.${keyword}`;
  switch (CHILDREN.get(keyword)) {
    case 'map':
      return Object.fromEntries(
        Object.entries(asObject(value)).flatMap(([name, child]) =>
          cleanChild(child, { ...place, path: `${path}.${name}` }).map((each) => [name, each]),
        ),
      );
    case 'list':
      return asList(value).flatMap((child, index) =>
        cleanChild(child, { ...place, path: `${path}[${index}]` }),
      );
    case 'one':
      return isObject(value) ? cleanNode(value, { ...place, path }) : value;
    default:
      return value;
  }
}

/** The cleaned child, as a list of one; empty for `false` if the target has no such schema. */
function cleanChild(child: unknown, place: Place): unknown[] {
  if (isObject(child)) return [cleanNode(child, place)];
  const { target } = place.walk;
  if (target.startsWith('openai') || target === 'anthropic') return [child];
  return child === true ? [cleanNode({}, place)] : [];
}

/** True if the node has the members that a strict schema requires, beyond using only allowed keywords. */
function isStrict(node: JsonObject, target: SchemaTarget): boolean {
  if (target === 'anthropic-strict') {
    return ['type', 'enum', 'const', 'anyOf', 'allOf', '$ref'].some((keyword) => keyword in node);
  }
  if (target !== 'openai-strict' || ![node['type']].flat().includes('object')) return true;
  const required = asList(node['required']);
  return (
    node['additionalProperties'] === false &&
    Object.keys(asObject(node['properties'])).every((name) => required.includes(name))
  );
}
