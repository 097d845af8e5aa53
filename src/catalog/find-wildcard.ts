import type { Catalog, WildcardModel } from './catalog.ts';

/** The wildcard that a name is one of, the longest prefix first; its star stands for one character at least. */
export function findWildcard(
  { wildcards }: Pick<Catalog, 'wildcards'>,
  name: string,
): WildcardModel | undefined {
  return wildcards.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length);
}
