import type { Finish, FinishReason } from '../ir/stream-part.ts';

const FILTERS = [
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
] as const;

const MALFORMED = [
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE',
] as const;

/** Every other word is `other`: https://ai.google.dev/api/generate-content#FinishReason */
const DECODED: ReadonlyMap<string | undefined, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // It would go on if it were asked to, so this is not the whole answer.
  ['CONTINUATION', 'length'],
  ...FILTERS.map((word): [string, FinishReason] => [word, 'content_filter']),
  ...MALFORMED.map((word): [string, FinishReason] => [word, 'malformed']),
]);

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  stop_sequence: 'STOP',
  tool_calls: 'STOP',
  pause: 'STOP',
  compaction: 'STOP',
  length: 'MAX_TOKENS',
  context_exceeded: 'MAX_TOKENS',
  content_filter: 'SAFETY',
  refusal: 'SAFETY',
  malformed: 'MALFORMED_FUNCTION_CALL',
  other: 'OTHER',
};

/**
 * Why a candidate ended. A call ends it like anything else, so that whether there was one is for the
 * reader to remember.
 */
export function decodeFinish(ending: {
  reason: string | undefined;
  message: string | undefined;
  hasCalls: boolean;
}): Finish {
  const reason = DECODED.get(ending.reason) ?? 'other';
  return {
    reason: reason === 'stop' && ending.hasCalls ? 'tool_calls' : reason,
    stopSequence: undefined,
    raw: ending.reason,
    detail: ending.message,
  };
}

/** Why a prompt was not answered at all; the reason may be blank. */
export function blockedFinish(reason: string | undefined, message: string | undefined): Finish {
  return { reason: 'content_filter', stopSequence: undefined, raw: reason, detail: message };
}

/** The word for why an answer ended: Google's own where it was one of Google's. */
export function encodeFinishReason({ reason, raw }: Finish): string {
  return raw !== undefined && DECODED.get(raw) === reason ? raw : ENCODED[reason];
}
