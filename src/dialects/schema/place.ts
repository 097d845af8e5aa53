import type { JsonObject } from '../json-object.ts';
import type { SchemaTarget } from './keyword-rules.ts';

/** Where in a schema the cleaning is, and what it has found so far. */
export interface Place {
  /** Dotted; empty at the root. */
  path: string;
  /** How many references were written out on the way here. */
  refDepth: number;
  readonly walk: Walk;
}

/** What is the same in all places of one schema. */
export interface Walk {
  readonly target: SchemaTarget;
  /** The schema as a whole, as it came: references point into it. */
  readonly document: JsonObject;
  /** How many more references may be written out: they can multiply. */
  refsLeft: number;
  fitsStrict: boolean;
  refused: string | null;
  readonly changes: string[];
}

/** One way to say a schema in other words; gives the very same object back where it does not apply. */
export type Rewrite = (node: JsonObject, place: Place) => JsonObject;

/** Puts down what was done to a keyword here. */
export function noteChange(place: Place, change: string): void {
  place.walk.changes.push(`${change} at ${place.path === '' ? 'the root' : place.path}`);
}
