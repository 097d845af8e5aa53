import { asObjects, isObject, type JsonObject } from '../json-object.ts';

/**
 * Adds pieces of arguments to one object. Google sends pieces only on request, but some gateways always do.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling
 */
export function addPartialArgs(args: JsonObject, partialArgs: unknown): void {
  for (const piece of asObjects(partialArgs)) {
    const steps = [...String(piece['jsonPath'] ?? '').matchAll(STEP)].map(
      ([, name, index, quoted]): Step =>
        index === undefined ? (name ?? quoted ?? '') : Number(index),
    );
    const value = readValue(piece);
    if (steps.length > 0 && value !== undefined) place(args, steps, value);
  }
}

/** `.name`, `[0]` or `['name']`. https://datatracker.ietf.org/doc/html/rfc9535 */
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/g;

type Step = string | number;

type Value = string | number | boolean | null;

function readValue(piece: JsonObject): Value | undefined {
  if ('nullValue' in piece) return null;
  const value = piece['stringValue'] ?? piece['numberValue'] ?? piece['boolValue'];
  return value as Value | undefined;
}

/** Text is appended to the text that is already there. */
function place(root: JsonObject, steps: readonly Step[], value: Value): void {
  let node: object = root;
  for (const [depth, step] of steps.slice(0, -1).entries()) {
    const known = read(node, step);
    const child = isContainer(known) ? known : containerFor(steps[depth + 1]);
    write(node, step, child);
    node = child;
  }
  const last = steps.at(-1) ?? '';
  const known = read(node, last);
  const isText = typeof known === 'string' && typeof value === 'string';
  write(node, last, isText ? known + value : value);
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isObject(value);
}

function containerFor(step: Step | undefined): object {
  return typeof step === 'number' ? [] : {};
}

function read(node: object, step: Step): unknown {
  return Object.hasOwn(node, step) ? Reflect.get(node, step) : undefined;
}

/** Writes an own member, whatever its name (`__proto__` is like any other); lists grow by one element at a time. */
function write(node: object, step: Step, value: unknown): void {
  const key = Array.isArray(node) ? Math.min(Number(step) || 0, node.length) : step;
  Object.defineProperty(node, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
