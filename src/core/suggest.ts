import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean x?` for a slip of the fingers, or nothing where no candidate is near. */
export function suggest(typed: string, candidates: Iterable<string>): string {
  const folded = fold(typed);
  const { byFolded, foldedNames } = foldAll(candidates);
  if (byFolded.size === 0 || folded.length < 2) return '';
  const nearest = closest(folded, foldedNames);
  const length = Math.max(folded.length, nearest.length);
  const allowed = length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
  if (distance(folded, nearest) > allowed) return '';
  return `; did you mean \`${byFolded.get(nearest)}\`?`;
}

interface Folded {
  byFolded: ReadonlyMap<string, string>;
  foldedNames: readonly string[];
}

/** Thousands of findings can ask for the same thousands of names. */
const foldedLists = new WeakMap<Iterable<string>, Folded>();

function foldAll(candidates: Iterable<string>): Folded {
  const known = foldedLists.get(candidates);
  if (known) return known;
  // One letter is as near to every other one.
  const names = [...candidates].filter((name) => name.length > 1);
  const byFolded = new Map(names.map((name) => [fold(name), name]));
  const folded = { byFolded, foldedNames: [...byFolded.keys()] };
  foldedLists.set(candidates, folded);
  return folded;
}

/** `baseUrl`, `base-url` and `BASE_URL` are all near `base_url`. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}
