import { asList, asText, type JsonObject } from '../json-object.ts';
import { SimulatorError } from '../simulator-error.ts';

/** A text that the request must have; a 400 that names it otherwise. */
export function requireText(body: JsonObject, name: string): string {
  const text = asText(body[name]);
  if (text === '') throw missing(name);
  return text;
}

/** A list that must not be empty; a 400 that names it otherwise. */
export function requireList(body: JsonObject, name: string): unknown[] {
  const list = asList(body[name]);
  if (list.length === 0) throw missing(name);
  return list;
}

/** A value of any kind, which may be empty but must be there; a 400 that names it otherwise. */
export function requireValue(body: JsonObject, name: string): unknown {
  const value = body[name];
  if (value === undefined || value === null) throw missing(name);
  return value;
}

function missing(name: string): SimulatorError {
  return new SimulatorError(400, `Missing required parameter: '${name}'.`, name);
}
