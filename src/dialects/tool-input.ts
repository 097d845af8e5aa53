import { isObject } from './json-object.ts';
import { RawJson } from './raw-json.ts';

/** The object that a tool call is written with, and whether it had to be made up. */
export interface ToolInput {
  input: RawJson;
  isWrapped: boolean;
}

/**
 * Arguments as the object that some APIs want: none are an empty one, and a text that is no object is
 * wrapped, so that an old malformed call does not fail the request.
 */
export function encodeToolInput(text: string): ToolInput {
  if (text.trim() === '') return { input: new RawJson('{}'), isWrapped: false };
  if (isObjectText(text)) return { input: new RawJson(text), isWrapped: false };
  return { input: new RawJson(JSON.stringify({ _raw: text })), isWrapped: true };
}

/** The free text of a custom tool's call, as the one member of an object. */
export function encodeCustomInput(text: string): RawJson {
  return new RawJson(JSON.stringify({ input: text }));
}

/** The free text back out of that object; a model may also have given the text alone. */
export function decodeCustomInput(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value) && typeof value['input'] === 'string') return value['input'];
  } catch {
    // Whatever it is, it is what the tool was called with.
  }
  return json;
}

function isObjectText(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
