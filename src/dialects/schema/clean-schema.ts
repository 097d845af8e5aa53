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
  /** False where the target would not take it as a strict one: then clean for the lenient target. */
  fitsStrict: boolean;
  /** The keyword for which the whole request is to be refused (400), or null. */
  refused: string | null;
  /** What became of what, for the log: `hint minLength at properties.name`. */
  changes: string[];
}

/** Written-out references in one schema, all told. */
const MAX_REFS = 500;

/** Where schemas stand in a schema; all else is data and stays as it is. */
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
 * The schema as the target takes it (translation §3.6); the given one is left alone. OpenAI and
 * Anthropic want an object at the root and get one. Google wants it for tools alone: for those the
 * caller goes through `objectRoot` first.
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

/** What keeps the root from being an object. */
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

/** One schema for one; none for `false`, where the target knows no such schema. */
function cleanChild(child: unknown, place: Place): unknown[] {
  if (isObject(child)) return [cleanNode(child, place)];
  const { target } = place.walk;
  if (target.startsWith('openai') || target === 'anthropic') return [child];
  return child === true ? [cleanNode({}, place)] : [];
}

/** What a strict schema's node must say beyond the keywords that it may use. */
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
