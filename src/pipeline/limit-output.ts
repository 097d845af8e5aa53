import type { Endpoint } from '../catalog/catalog.ts';
import { findMember, isObjectAt, type ScannedObject, scanObject } from '../dialects/scan-json.ts';
import { appendMembers, replaceMember, type Splice } from '../dialects/splice-json.ts';
import type { Call } from './call.ts';
import { capsOfEndpoint } from './endpoint-caps.ts';
import type { CallRequest } from './read-request.ts';

/** Splices for the body, and members to append to it as name and JSON text. */
export interface LimitEdits {
  splices: Splice[];
  appended: readonly (readonly [key: string, text: string])[];
}

/**
 * Sets the output limit of a request that names none (POL-4). A member that is there all the same, null
 * or no number, is replaced: two of one name would leave the choice to the upstream.
 */
export function limitOutput(
  { operation }: Call,
  request: CallRequest,
  { endpoint, limit }: { endpoint: Endpoint; limit: number },
): LimitEdits {
  const { body, json } = request;
  if (json === null) return { splices: [], appended: [] };
  const text = String(limit);
  switch (operation) {
    case 'chat': {
      const isLegacy = capsOfEndpoint(endpoint, 'openai-chat').legacy_max_tokens;
      const names = isLegacy
        ? ['max_tokens', 'max_completion_tokens']
        : ['max_completion_tokens', 'max_tokens'];
      return setMember(json, names, text);
    }
    case 'completions':
    case 'messages':
      return setMember(json, ['max_tokens'], text);
    case 'responses':
      return setMember(json, ['max_output_tokens'], text);
    case 'generate_content':
    case 'stream_generate_content':
      return setNested(body, json, text);
    default:
      return { splices: [], appended: [] };
  }
}

/** Sets whatever of the names is there, else the first of them. */
function setMember(json: ScannedObject, names: readonly string[], text: string): LimitEdits {
  const splices = names.flatMap((name) => replaceMember(json, name, text));
  const [preferred = ''] = names;
  return { splices, appended: splices.length > 0 ? [] : [[preferred, text]] };
}

/**
 * Google's limit stands in an object of the body; its API takes both spellings of every name.
 * https://protobuf.dev/programming-guides/json/
 */
function setNested(body: Buffer, json: ScannedObject, text: string): LimitEdits {
  const config = findMember(json, 'generationConfig') ?? findMember(json, 'generation_config');
  const whole = `{"maxOutputTokens":${text}}`;
  if (config === undefined) return { splices: [], appended: [['generationConfig', whole]] };
  if (!isObjectAt(body, config.value)) {
    return { splices: replaceMember(json, config.key, whole), appended: [] };
  }
  const object = scanObject(body, config.value.start);
  const { splices, appended } = setMember(object, ['maxOutputTokens', 'max_output_tokens'], text);
  return { splices: [...splices, ...appendMembers(object, appended)], appended: [] };
}
