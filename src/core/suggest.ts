import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean x?` for a slip of the fingers, or nothing where no candidate is near. */
export function suggest(typed: string, candidates: Iterable<string>): string {
  // One letter is as near to every other one.
  const names = [...candidates].filter((name) => name.length > 1);
  const folded = fold(typed);
  const byFolded = new Map(names.map((name) => [fold(name), name]));
  if (byFolded.size === 0 || folded.length < 2) return '';
  const nearest = closest(folded, [...byFolded.keys()]);
  const length = Math.max(folded.length, nearest.length);
  const allowed = length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
  if (distance(folded, nearest) > allowed) return '';
  return `; did you mean \`${byFolded.get(nearest)}\`?`;
}

/** `baseUrl`, `base-url` and `BASE_URL` are all near `base_url`. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}
