import type { JsonObject } from './json-object.ts';
import { type Span, scanArray, scanJson, scanObject } from './scan-json.ts';

/** JSON text to be written unchanged: parsing a number may lose digits. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const SOURCE = Symbol('the JSON text that an object was parsed from');

/** Text that may change in a parse: numbers with many digits or an exponent, and keys that would be reordered. */
const RISKY = /[:[,]\s*-?(?:[\d.]{16,}|\d+\.\d*0\b|\d[\d.]*[eE])|"\d+"\s*:/;

/** Members that are carried between dialects as text: arguments of tool calls and their results. */
const CARRIED = new Set(['input', 'args', 'response']);

/**
 * Parses a body so that the arguments of its tool calls can be written again digit by digit (`sourceText`).
 * Throws a SyntaxError.
 */
export function parseWire(json: Buffer): JsonObject {
  const text = json.toString('utf8');
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('expected a JSON object');
  }
  if (RISKY.test(text)) attachSources(json, scanJson(json).span, value);
  return value as JsonObject;
}

/** The JSON text of a parsed value, with its numbers as they were written; without white space. */
export function sourceText(value: unknown): string {
  const source =
    typeof value === 'object' && value !== null ? Reflect.get(value, SOURCE) : undefined;
  return typeof source === 'string' ? source : JSON.stringify(value);
}

/** Writes a body; RawJson inside it is written as it is. */
export function stringifyWire(body: unknown): string {
  const raws: string[] = [];
  // The mark: JSON.stringify never writes a control character unescaped, and a client cannot guess the rest.
  const text = JSON.stringify(body, (_key, value: unknown) => {
    if (!(value instanceof RawJson)) return value;
    raws.push(value.text);
    return `${MARK}${raws.length - 1}`;
  });
  return raws.length === 0
    ? text
    : text.replace(MARKED, (_match, index) => raws[Number(index)] ?? '');
}

const MARK = `\u0001raw-json-${Math.random().toString(36).slice(2)}-`;
const MARKED = new RegExp(
  `"${JSON.stringify(MARK).slice(1, -1).replaceAll('\\', '\\\\')}(\\d+)"`,
  'g',
);

function attachSources(json: Buffer, span: Span, value: unknown): void {
  if (Array.isArray(value)) {
    for (const [index, element] of scanArray(json, span.start).entries()) {
      if (isContainer(value[index])) attachSources(json, element, value[index]);
    }
    return;
  }
  if (!isContainer(value)) return;
  for (const { key, value: member } of scanObject(json, span.start).members) {
    const child = (value as JsonObject)[key];
    if (!isContainer(child)) continue;
    if (CARRIED.has(key)) {
      const text = minify(json.toString('utf8', member.start, member.end));
      Object.defineProperty(child, SOURCE, { value: text, enumerable: false });
    }
    attachSources(json, member, child);
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Removes the white space between tokens. */
function minify(json: string): string {
  let isInString = false;
  // Never a whole string at once: to match one of megabytes exhausts the stack.
  return json.replace(/\\.|"|\s+/g, (piece) => {
    if (piece === '"') isInString = !isInString;
    return isInString || piece === '"' ? piece : '';
  });
}
