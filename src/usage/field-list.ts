/** The members of ledger lines that a reading looks at, each by its place in the list. */
export interface FieldList {
  /** The member's place; a new one is added at the end. */
  place(name: string): number;
  readonly names: readonly string[];
}

/** An empty list; add every field before reading begins. */
export function createFieldList(): FieldList {
  const names: string[] = [];
  return {
    place(name) {
      const known = names.indexOf(name);
      return known === -1 ? names.push(name) - 1 : known;
    },
    names,
  };
}
