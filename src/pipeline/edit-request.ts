import type { Model } from '../catalog/catalog.ts';
import { quoted } from '../core/quoted.ts';
import { isText } from '../dialects/key-text.ts';
import {
  findMember,
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
  const { call, endpoint, holds, preferences, request, resolution } = attempt;
  if (request.json === null) {
    const text = endpoint.slug;
    const splices = request.multipartModel.map((span) => ({ span, text }));
    return { body: spliceParts(request.body, splices), hidesUsage: false };
  }
  const splices = modelSplices(call, request, endpoint.slug);
  const fields = fieldEdits(request.json, resolution.model);
  const usage =
    endpoint.caps.stream_usage !== false && isUsageOptional(call, request)
      ? usageEdits(request.body, request.json)
      : NO_EDITS;
  splices.push(...foreignStateSplices(attempt));
  if (preferences !== null) splices.push(...removeMembers(request.json, 'provider'));
  const appended: (readonly [key: string, text: string])[] = [];
  if (fields !== NO_EDITS || usage !== NO_EDITS) {
    appended.push(...new Map([...usage.appended, ...fields.appended]));
    splices.push(...fields.splices, ...usage.splices);
  }
  const limit = holds.outputLimit();
  if (limit !== null) {
    const edits = limitOutput(call, request, { endpoint, limit });
    appended.push(...edits.appended);
    splices.push(...edits.splices);
  }
  if (appended.length > 0) splices.push(...appendMembers(request.json, appended));
  return { body: spliceParts(request.body, splices), hidesUsage: usage !== NO_EDITS };
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

function fieldEdits(json: ScannedObject, { edits }: Model): Edits {
  if (edits.defaults.length === 0 && edits.overrides.length === 0) return NO_EDITS;
  const splices: Splice[] = [];
  const appended = new Map<string, string>();
  for (const [field, text] of edits.defaults) {
    if (!findMember(json, field)) appended.set(field, text);
  }
  for (const [field, text] of edits.overrides) {
    if (findMember(json, field)) splices.push(...replaceMember(json, field, text));
    else appended.set(field, text);
  }
  return { splices, appended };
}

/** True for a stream whose upstream reports usage only when asked to. */
function isUsageOptional(call: Call, request: CallRequest): boolean {
  return request.stream && (call.operation === 'chat' || call.operation === 'completions');
}

/** Asks the upstream for usage; NO_EDITS if the client has asked itself. */
function usageEdits(body: Buffer, json: ScannedObject): Edits {
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
  if (body.toString('utf8', include.value.start, include.value.end) === 'true') return NO_EDITS;
  return { ...NO_EDITS, splices: replaceMember(object, 'include_usage', 'true') };
}
