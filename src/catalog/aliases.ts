/** The aliases that requests follow: an alias to itself is ignored (RES-2). */
export function compileAliases(aliases: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(aliases).filter(([alias, target]) => alias !== target));
}
