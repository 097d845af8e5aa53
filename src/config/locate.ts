import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Path } from './finding.ts';

/** A parsed file that positions can be looked up in. */
export interface Locatable {
  document: Document;
  targets: AliasTargets;
  lines: LineCounter;
}

/** What each alias stands for; the library walks the whole document for every one that it is asked for. */
export type AliasTargets = ReadonlyMap<Alias, unknown>;

/** A node and the key that leads to it. */
interface Spot {
  key: unknown;
  value: unknown;
}

/**
 * Line and column of the value at a path, or of its key; of the nearest thing above it where the
 * file has no such path. Follows aliases and merge keys to what the author wrote.
 */
export function locate(
  { document, targets, lines }: Locatable,
  path: Path,
  at?: 'key',
): { line: number; column: number } {
  let spot: Spot = { key: null, value: document.contents };
  let missing = false;
  for (const segment of path) {
    const next = step(targets, spot.value, segment);
    missing = next === undefined;
    if (next === undefined) break;
    spot = next;
  }
  const wantsKey = spot.key !== null && (at === 'key' || missing);
  const { line, col } = lines.linePos(startOf(wantsKey ? spot.key : spot.value));
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The names that the map at a path writes itself, as they stand in the file. */
export function keysAsWritten({ document, targets }: Locatable, path: Path): string[] {
  let node: unknown = document.contents;
  for (const segment of path) node = step(targets, node, segment)?.value;
  const map = follow(targets, node);
  return isMap(map) ? [...readIndex(map).own.keys()] : [];
}

function step(targets: AliasTargets, parent: unknown, segment: string | number): Spot | undefined {
  const node = follow(targets, parent);
  if (isSeq(node)) {
    const value = typeof segment === 'number' ? node.items[segment] : undefined;
    return value === undefined ? undefined : { key: null, value };
  }
  if (!isMap(node)) return undefined;
  const { own, merges } = readIndex(node);
  const pair = own.get(String(segment));
  if (pair) return { key: pair.key, value: pair.value ?? pair.key };
  for (const source of merges.flatMap((merge) => mergeSources(targets, merge))) {
    const found = step(targets, source, segment);
    if (found) return found;
  }
  return undefined;
}

interface MapIndex {
  own: ReadonlyMap<string, Pair>;
  merges: readonly Pair[];
}

/** A file can have thousands of findings in one map of thousands. */
const indexes = new WeakMap<YAMLMap, MapIndex>();

function readIndex(map: YAMLMap): MapIndex {
  const known = indexes.get(map);
  if (known) return known;
  const own = map.items.flatMap((pair) =>
    isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [],
  );
  const index = { own: new Map(own), merges: map.items.filter(isMerge) };
  indexes.set(map, index);
  return index;
}

function follow(targets: AliasTargets, node: unknown): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

/** Whether the pair is `<<: …`. */
export function isMerge(pair: Pair): boolean {
  if (!isScalar(pair.key)) return false;
  const { value, type } = pair.key;
  return (value === '<<' && type === 'PLAIN') || typeof value === 'symbol';
}

/** The maps that `<<` merges, in order; null for each source that is no map. */
export function mergeSources(targets: AliasTargets, { value }: Pair): unknown[] {
  const source = follow(targets, value);
  const sources: unknown[] = isSeq(source) ? source.items : [source];
  return sources.map((each) => {
    const node = follow(targets, each);
    return isMap(node) ? node : null;
  });
}

/** Where a node starts in the text; 0 for what has no place in it. */
export function startOf(node: unknown): number {
  const range: unknown = typeof node === 'object' && node !== null && Reflect.get(node, 'range');
  return Array.isArray(range) ? Number(range[0]) : 0;
}
