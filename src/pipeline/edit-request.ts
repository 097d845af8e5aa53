import { quoted } from '../core/quoted.ts';
import { isText } from '../dialects/key-text.ts';
import {
  findMember,
  findPath,
  isArrayAt,
  isObjectAt,
  type ScannedObject,
  scanArray,
  scanObject,
} from '../dialects/scan-json.ts';
import {
  appendMembers,
  removeMembers,
  replaceMember,
  type Splice,
} from '../dialects/splice-json.ts';
import { spliceParts, type TextParts } from '../dialects/splice-parts.ts';
import type { Call } from './call.ts';
import type { AttemptContext } from './exchange.ts';
import { foreignStateSplices } from './foreign-state-splices.ts';
import { limitOutput } from './limit-output.ts';
import type { CallRequest } from './read-request.ts';
import { writeFields } from './write-fields.ts';

/** A body as the upstream gets it. */
export interface EditedRequest {
  body: TextParts;
  /** Usage was asked of the upstream by us, so the client must not see it. */
  hidesUsage: boolean;
}

/**
 * The client's body for one endpoint. Only what must change does: the model's name, the fields that
 * the model record sets, the request for usage on streams, reasoning of another provider, and an output
 * limit where a policy sets one.
 * All other bytes are the client's.
 */
export function editRequest(attempt: AttemptContext): EditedRequest {
  const { endpoint, preferences, request, resolution } = attempt;
  if (request.json === null) {
    const text = endpoint.slug;
    const splices = request.multipartModel.map((span) => ({ span, text }));
    return { body: spliceParts(request.body, splices), hidesUsage: false };
  }
  // Of the client's own body: what the model record asks for, nobody else did.
  const hidesUsage = mayAskForUsage(attempt) && !asksForUsage(request.body, request.json);
  const stayHere = preferences === null ? NONE : ['provider'];
  const { edits } = resolution.model;
  if (edits.defaults.length === 0 && edits.overrides.length === 0) {
    return { body: spliceRequest(attempt, request.json, stayHere), hidesUsage };
  }
  const written = writeFields(request, request.json, { edits, stayHere });
  return { body: spliceRequest({ ...attempt, request: written }, written.json, NONE), hidesUsage };
}

const NONE: readonly string[] = [];

function spliceRequest(
  attempt: AttemptContext,
  json: ScannedObject,
  stayHere: readonly string[],
): TextParts {
  const { call, endpoint, holds, request } = attempt;
  const splices = modelSplices(call, request, endpoint.slug);
  const usage = mayAskForUsage(attempt) ? usageEdits(request.body, json) : NO_EDITS;
  splices.push(...usage.splices, ...foreignStateSplices(attempt));
  if (stayHere.length > 0) splices.push(...removeMembers(json, stayHere));
  const appended: (readonly [key: string, text: string])[] = [...usage.appended];
  const limit = holds.outputLimit();
  if (limit !== null) {
    const edits = limitOutput(call, request, { endpoint, limit });
    appended.push(...edits.appended);
    splices.push(...edits.splices);
  }
  if (appended.length > 0) splices.push(...appendMembers(json, appended));
  return spliceParts(request.body, splices);
}

interface Edits {
  splices: Splice[];
  /** Members to be set that the body does not hold. */
  appended: ReadonlyMap<string, string>;
}

const NO_EDITS: Edits = { splices: [], appended: new Map() };

function modelSplices(call: Call, { body, json }: CallRequest, slug: string): Splice[] {
  if (json === null) return [];
  if (call.surface === 'google') return googleModelSplices(body, json, slug);
  const text = quoted(slug);
  return replaceMember(json, 'model', text).filter(
    ({ span }) => !isText(body, span.start, span.end, text),
  );
}

/** Google's path names the model; some bodies repeat it, and must agree with the path. */
function googleModelSplices(body: Buffer, json: ScannedObject, slug: string): Splice[] {
  const text = JSON.stringify(`models/${slug}`);
  const splices = replaceMember(json, 'model', text);
  const nested = findMember(json, 'generateContentRequest');
  if (nested && isObjectAt(body, nested.value)) {
    splices.push(...replaceMember(scanObject(body, nested.value.start), 'model', text));
  }
  const requests = findMember(json, 'requests');
  if (requests && isArrayAt(body, requests.value)) {
    for (const element of scanArray(body, requests.value.start)) {
      if (!isObjectAt(body, element)) continue;
      splices.push(...replaceMember(scanObject(body, element.start), 'model', text));
    }
  }
  return splices;
}

/** True for a stream whose upstream reports usage only when asked to, and can be asked. */
function mayAskForUsage({ call, endpoint, request }: AttemptContext): boolean {
  const isOptional = call.operation === 'chat' || call.operation === 'completions';
  return request.stream && isOptional && endpoint.caps.stream_usage !== false;
}

function asksForUsage(body: Buffer, json: ScannedObject): boolean {
  const include = findPath(body, json, ['stream_options', 'include_usage']);
  return include !== undefined && isText(body, include.value.start, include.value.end, 'true');
}

/** Asks the upstream for usage; NO_EDITS if the body does already. */
function usageEdits(body: Buffer, json: ScannedObject): Edits {
  if (asksForUsage(body, json)) return NO_EDITS;
  const options = findMember(json, 'stream_options');
  const asked = '{"include_usage":true}';
  if (options === undefined) return { splices: [], appended: new Map([['stream_options', asked]]) };
  if (!isObjectAt(body, options.value)) {
    return { ...NO_EDITS, splices: replaceMember(json, 'stream_options', asked) };
  }
  const object = scanObject(body, options.value.start);
  const include = findMember(object, 'include_usage');
  if (include === undefined) {
    return { ...NO_EDITS, splices: appendMembers(object, [['include_usage', 'true']]) };
  }
  return { ...NO_EDITS, splices: replaceMember(object, 'include_usage', 'true') };
}
