import type { Finish, FinishReason } from '../ir/stream-part.ts';
import { asObject, asText, type JsonObject } from '../json-object.ts';

const DECODED: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop_sequence'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'context_exceeded'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
  ['compaction', 'compaction'],
]);

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  context_exceeded: 'model_context_window_exceeded',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  refusal: 'refusal',
  // Only tools of Anthropic can be resumed after a pause.
  pause: 'end_turn',
  compaction: 'compaction',
  malformed: 'end_turn',
  other: 'end_turn',
};

/** Why a message ended; null if it has not ended. */
export function decodeFinish(message: JsonObject): Finish | null {
  const raw = asText(message['stop_reason']);
  if (raw === undefined) return null;
  return {
    reason: DECODED.get(raw) ?? 'other',
    stopSequence: asText(message['stop_sequence']),
    raw,
    detail: asText(asObject(message['stop_details'])['explanation']),
  };
}

/** The members of a message that tell why it ended. */
export interface StopMembers {
  stop_reason: string;
  stop_sequence: string | null;
  stop_details: JsonObject | null;
}

/**
 * The stop reason of a message. Agents go on only after `tool_use`, so it depends on the calls in the answer
 * and not on the upstream's word.
 */
export function encodeFinish(finish: Finish, hasToolCalls: boolean): StopMembers {
  const reason = agreedReason(finish.reason, hasToolCalls);
  const isRefused = reason === 'content_filter' || reason === 'refusal';
  return {
    stop_reason: ENCODED[reason],
    stop_sequence: reason === 'stop_sequence' ? (finish.stopSequence ?? null) : null,
    stop_details: isRefused
      ? { type: 'refusal', category: null, explanation: finish.detail ?? null }
      : null,
  };
}

/** The reason that agrees with the calls in the answer: some servers report another one. */
export function agreedReason(reason: FinishReason, hasToolCalls: boolean): FinishReason {
  if (hasToolCalls && (reason === 'stop' || reason === 'other')) return 'tool_calls';
  return !hasToolCalls && reason === 'tool_calls' ? 'stop' : reason;
}
