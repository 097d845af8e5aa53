import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Pair } from 'yaml';
import type { Path } from './finding.ts';

/** A parsed file that positions can be looked up in. */
export interface Locatable {
  document: Document;
  lines: LineCounter;
}

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
  { document, lines }: Locatable,
  path: Path,
  at?: 'key',
): { line: number; column: number } {
  let spot: Spot = { key: null, value: document.contents };
  let missing = false;
  for (const segment of path) {
    const next = step(document, spot.value, segment);
    missing = next === undefined;
    if (next === undefined) break;
    spot = next;
  }
  const wantsKey = spot.key !== null && (at === 'key' || missing);
  const { line, col } = lines.linePos(startOf(wantsKey ? spot.key : spot.value));
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function step(document: Document, parent: unknown, segment: string | number): Spot | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const value = typeof segment === 'number' ? node.items[segment] : undefined;
    return value === undefined ? undefined : { key: null, value };
  }
  if (!isMap(node)) return undefined;
  const own = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
  if (own) return { key: own.key, value: own.value ?? own.key };
  const merged = node.items.filter(isMerge).flatMap((pair) => mergeSources(document, pair));
  for (const source of merged) {
    const found = step(document, source, segment);
    if (found) return found;
  }
  return undefined;
}

/** Whether the pair is `<<: …`. */
export function isMerge(pair: Pair): boolean {
  if (!isScalar(pair.key)) return false;
  const { value, type } = pair.key;
  return (value === '<<' && type === 'PLAIN') || typeof value === 'symbol';
}

/** The maps that `<<` merges, in order; null for each source that is no map. */
export function mergeSources(document: Document, { value }: Pair): unknown[] {
  const source = isAlias(value) ? value.resolve(document) : value;
  const sources: unknown[] = isSeq(source) ? source.items : [source];
  return sources.map((each) => {
    const node = isAlias(each) ? each.resolve(document) : each;
    return isMap(node) ? node : null;
  });
}

/** Where a node starts in the text; 0 for what has no place in it. */
export function startOf(node: unknown): number {
  const range: unknown = typeof node === 'object' && node !== null && Reflect.get(node, 'range');
  return Array.isArray(range) ? Number(range[0]) : 0;
}
