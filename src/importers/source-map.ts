import { type Finding, type Path, warning } from '../config/finding.ts';
import { isMap, type TreeMap } from '../config/tree.ts';

/** A map of a foreign config that records what was read, so that no setting is lost silently. */
export interface SourceMap {
  readonly path: Path;
  has(key: string): boolean;
  /** The value, marked as read; undefined if the key is absent or null. */
  take(key: string): unknown;
  /** The map under a key; empty if there is none. Keys of it that nobody reads are unread. */
  takeMap(key: string): SourceMap;
  /** The maps of the list under a key. */
  takeMaps(key: string): SourceMap[];
  /** Refuses the value for that reason. */
  refuse(key: string, reason: string): void;
  /** Refuses the whole map, with one finding at the key: nothing in it counts as unread any more. */
  refuseAll(key: string, reason: string): void;
  keys(): string[];
  /** Findings about everything that was refused or never read. */
  unread(reasons: Readonly<Record<string, string>>): Finding[];
}

const NO_COUNTERPART = 'has no counterpart in Signalbox';

/** Creates the source for a map at a path of the file. */
export function createSourceMap(map: TreeMap, path: Path): SourceMap {
  const read = new Set<string>();
  const children: SourceMap[] = [];
  let refused: Finding[] = [];
  let isClosed = false;

  function adopt(value: unknown, at: Path): SourceMap[] {
    if (!isMap(value)) return [];
    const child = createSourceMap(value, at);
    children.push(child);
    return [child];
  }

  return {
    path,
    has: (key) => Object.hasOwn(map, key),
    take(key) {
      read.add(key);
      return map[key] ?? undefined;
    },
    takeMap(key) {
      const [child] = isMap(map[key]) ? adopt(this.take(key), [...path, key]) : [];
      return child ?? createSourceMap({}, [...path, key]);
    },
    takeMaps(key) {
      const list = map[key];
      if (!Array.isArray(list)) return [];
      read.add(key);
      return list.flatMap((item, index) => {
        const at = [...path, key, index];
        if (!isMap(item)) refused.push(warning(at, 'is not a map'));
        return adopt(item, at);
      });
    },
    refuse(key, reason) {
      read.add(key);
      refused.push(warning([...path, key], reason));
    },
    refuseAll(key, reason) {
      isClosed = true;
      refused = [warning([...path, key], reason)];
    },
    keys: () => Object.keys(map),
    unread(reasons) {
      if (isClosed) return refused;
      const unknown = Object.keys(map).filter((key) => !read.has(key) && map[key] !== null);
      return [
        ...refused,
        ...unknown.map((key) => warning([...path, key], reasons[key] ?? NO_COUNTERPART)),
        ...children.flatMap((child) => child.unread(reasons)),
      ];
    },
  };
}

/** The non-empty string under a key; any other value is refused. */
export function readText(source: SourceMap, key: string): string | undefined {
  const value = source.take(key);
  if (typeof value === 'string' && value !== '') return value;
  if (value !== undefined) source.refuse(key, 'is no text');
  return undefined;
}
