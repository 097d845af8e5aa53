import type { JsonObject } from '../json-object.ts';
import type { SchemaTarget } from './keyword-rules.ts';

/** The current position in a schema, and what has been found so far. */
export interface Place {
  /** Dotted; empty at the root. */
  path: string;
  /** How many references were inlined on the path to this place. */
  refDepth: number;
  readonly walk: Walk;
}

/** State that all places of one schema share. */
export interface Walk {
  readonly target: SchemaTarget;
  /** The whole schema as given: references point into it. */
  readonly document: JsonObject;
  /** How many more references may be inlined: they can multiply. */
  refsLeft: number;
  fitsStrict: boolean;
  refused: string | null;
  readonly changes: string[];
}

/** One rewrite of a node; returns the very same object if it does not apply. */
export type Rewrite = (node: JsonObject, place: Place) => JsonObject;

/** Records what was done to a keyword here. */
export function noteChange(place: Place, change: string): void {
  place.walk.changes.push(`${change} at ${place.path === '' ? 'the root' : place.path}`);
}
