import { isObject, type JsonObject } from '../json-object.ts';

/** The schema that a local reference points to; undefined for other references. */
export function resolveRef(document: JsonObject, ref: unknown): JsonObject | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined;
  let target: unknown = document;
  for (const step of ref.split('/').slice(1)) {
    const key = unescapeStep(step);
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) {
      return undefined;
    }
    target = Reflect.get(target, key);
  }
  if (target === true) return {};
  return isObject(target) && (ref === '#' || ref.startsWith('#/')) ? target : undefined;
}

/** The name of the definition that a reference points to; undefined if it points elsewhere or inside one. */
export function definitionName(ref: unknown): string | undefined {
  return typeof ref === 'string'
    ? /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref)?.[1]
    : undefined;
}

/** True if some definition, or the document itself, contains itself. */
export function isRecursive(document: JsonObject): boolean {
  const settled = new Set<JsonObject>();
  const open = new Set<JsonObject>();
  function visit(node: unknown): boolean {
    if (Array.isArray(node)) return node.some(visit);
    if (!isObject(node) || settled.has(node)) return false;
    if (open.has(node)) return true;
    open.add(node);
    const isLoop = visit(resolveRef(document, node['$ref'])) || Object.values(node).some(visit);
    open.delete(node);
    settled.add(node);
    return isLoop;
  }
  return visit(document);
}

/** https://datatracker.ietf.org/doc/html/rfc6901#section-4 */
function unescapeStep(step: string): string {
  const plain = /%[0-9a-f]{2}/i.test(step) ? decodeSafely(step) : step;
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
