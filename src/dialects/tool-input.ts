import { isObject } from './json-object.ts';
import { RawJson } from './raw-json.ts';

/** The arguments of a tool call as an object, and whether the object had to be invented. */
export interface ToolInput {
  input: RawJson;
  isWrapped: boolean;
}

/**
 * Converts arguments for APIs that expect an object: missing ones become an empty object, and a text that is
 * not an object is wrapped, so that an old malformed call does not fail the request.
 */
export function encodeToolInput(text: string): ToolInput {
  if (text.trim() === '' || isNullText(text)) return { input: new RawJson('{}'), isWrapped: false };
  if (isObjectText(text)) return { input: new RawJson(text), isWrapped: false };
  return { input: new RawJson(JSON.stringify({ _raw: text })), isWrapped: true };
}

/** True for arguments that are the word `null`: some models write it where they mean none. */
export function isNullText(text: string): boolean {
  return text.trim() === 'null';
}

/** The free text of a custom tool's call, as the only member of an object. */
export function encodeCustomInput(text: string): RawJson {
  return new RawJson(JSON.stringify({ input: text }));
}

/** The free text from that object; a model may also have sent the bare text. */
export function decodeCustomInput(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value) && typeof value['input'] === 'string') return value['input'];
  } catch {
    // Not the object: the text itself is the tool's input.
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
