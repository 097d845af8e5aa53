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
  // The model would continue if asked, so this is not the whole answer.
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
 * Why a candidate ended. Google reports a call like any other end, so the reader has to remember whether there
 * was one.
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

/** The finish of a prompt that was blocked; the reason may be blank. */
export function blockedFinish(reason: string | undefined, message: string | undefined): Finish {
  return { reason: 'content_filter', stopSequence: undefined, raw: reason, detail: message };
}

/** Google's word for why an answer ended: the upstream's own if it came from Google. */
export function encodeFinishReason({ reason, raw }: Finish): string {
  return raw !== undefined && DECODED.get(raw) === reason ? raw : ENCODED[reason];
}
