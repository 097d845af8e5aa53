import { asObjects, type JsonObject } from '../json-object.ts';

/** Taken in place of a signature that is lost. https://ai.google.dev/gemini-api/docs/thought-signatures */
const BYPASS = 'skip_thought_signature_validator';

/**
 * From the user's last words on, the first call of each of the model's steps must be signed;
 * calls that another model made never were. True if any was not; the contents are changed.
 */
export function signCurrentTurn(contents: readonly JsonObject[]): boolean {
  let isBypassed = false;
  const begin = contents.findLastIndex(isSpokenByUser);
  for (const { role, parts } of contents.slice(begin + 1)) {
    const call = role === 'model' ? asObjects(parts).find(isCall) : undefined;
    if (call === undefined || call['thoughtSignature'] !== undefined) continue;
    call['thoughtSignature'] = BYPASS;
    isBypassed = true;
  }
  return isBypassed;
}

function isCall(part: JsonObject): boolean {
  return part['functionCall'] !== undefined;
}

/**
 * Results go on with a turn, and so does what stands beside them: media that belong to them, reminders of an
 * agent, or the user's next words, for which a signature too many does no harm.
 */
function isSpokenByUser({ role, parts }: JsonObject): boolean {
  return (
    role === 'user' && !asObjects(parts).some((part) => part['functionResponse'] !== undefined)
  );
}
