import type { ModelEdits } from '../catalog/catalog.ts';
import type { JsonObject } from '../dialects/json-object.ts';
import { beginsWith, findMember, type ScannedObject } from '../dialects/scan-json.ts';
import { type ScannedRequest, scanRequest } from '../dialects/scan-request.ts';
import {
  appendMembers,
  applySplices,
  removeMembers,
  replaceMember,
} from '../dialects/splice-json.ts';
import type { CallRequest } from './read-request.ts';
import { readLimit } from './request-size.ts';

/** Under two names one limit would pass by the other, of which policies know nothing (POL-4). */
const CHAT_LIMITS = ['max_completion_tokens', 'max_tokens'];

/** The names under which a request can have what such a field says; of others there is one. */
const LIMIT_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['max_completion_tokens', CHAT_LIMITS],
  ['max_tokens', CHAT_LIMITS],
  ['max_output_tokens', ['max_output_tokens']],
]);

interface FieldEdits {
  edits: ModelEdits;
  /** Members that do not go out, whatever the client put there. */
  stayHere: readonly string[];
}

/**
 * The request with the fields that its model's record sets, and without the members that stay here;
 * scanned anew, so that what else is edited is looked for in what goes out.
 */
export function writeFields(
  request: CallRequest,
  json: ScannedObject,
  { edits: { defaults, overrides }, stayHere }: FieldEdits,
): CallRequest & { json: ScannedRequest } {
  const isLeftOut = ([field]: readonly [string, string]) =>
    stayHere.includes(field) || !isNamed(request, json, field);
  const fields = new Map([...defaults.filter(isLeftOut), ...overrides]);
  const replaced = overrides.flatMap(([field, text]) => otherNames(field, text));
  const gone = [...stayHere, ...replaced].filter((field) => !fields.has(field));
  const isThere = ([field]: readonly [string, string]) => findMember(json, field) !== undefined;
  const body = applySplices(request.body, [
    ...removeMembers(json, gone),
    ...[...fields].filter(isThere).flatMap(([field, text]) => replaceMember(json, field, text)),
    ...appendMembers(
      json,
      [...fields].filter((field) => !isThere(field)),
    ),
  ]);
  return { ...request, body, json: scanRequest(body) };
}

/** The same for a request that was put together for another dialect. */
export function setFields(body: JsonObject, { defaults, overrides }: ModelEdits): void {
  for (const [field, text] of defaults) {
    const names = LIMIT_NAMES.get(field) ?? [field];
    if (names.every((name) => body[name] == null)) body[field] = JSON.parse(text);
  }
  for (const [field, text] of overrides) {
    body[field] = JSON.parse(text);
    for (const other of otherNames(field, text)) delete body[other];
  }
}

/** Null names nothing, and an output limit that is no number none. */
function isNamed(request: CallRequest, json: ScannedObject, field: string): boolean {
  const limits = LIMIT_NAMES.get(field);
  if (limits !== undefined) return limits.some((name) => readLimit(request, [name]) !== null);
  const member = findMember(json, field);
  return member !== undefined && !beginsWith(request.body, member.value.start, 'null');
}

/** Where an override sets a limit, what else could. */
function otherNames(field: string, text: string): readonly string[] {
  const names = Number.isFinite(Number(text)) ? LIMIT_NAMES.get(field) : undefined;
  return names?.filter((name) => name !== field) ?? [];
}
