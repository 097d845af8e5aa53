import { asObjects, type JsonObject } from '../json-object.ts';

/** Accepted in place of a lost signature. https://ai.google.dev/gemini-api/docs/thought-signatures */
const BYPASS = 'skip_thought_signature_validator';

/**
 * Signs the current turn with the bypass: from the user's last message on, the first call of each step of the
 * model must be signed, and calls of another model never are. Returns true if any signature was missing;
 * changes the contents.
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
