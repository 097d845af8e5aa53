import type { Finish, FinishReason } from '../ir/stream-part.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';

/** Facts about the output of a response that its end depends on. */
export interface SeenOutput {
  call: boolean;
  refusal: boolean;
}

/** Reasons of an incomplete response; other words are new to us. */
const INCOMPLETE: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content_filter',
  max_messages: 'stop',
  steered: 'stop',
};

/** Why a response ended. With calls or refusals it ends as `completed`. */
export function decodeFinish(response: JsonObject, seen: SeenOutput): Finish {
  const isIncomplete = response['status'] === 'incomplete';
  const word = asText(asObject(response['incomplete_details'])['reason']);
  return {
    reason: isIncomplete ? (INCOMPLETE[word ?? ''] ?? 'other') : completedReason(seen),
    stopSequence: undefined,
    raw: isIncomplete ? word : asText(response['status']),
    detail: seen.refusal ? refusalOf(response) : undefined,
  };
}

/** The text of the refusal, for clients whose API has a field for why an answer ended. */
function refusalOf({ output }: JsonObject): string | undefined {
  const parts = asObjects(output).flatMap(({ content }) => asObjects(content));
  const words = parts.flatMap(({ refusal }) => asText(refusal) ?? []);
  return words.length === 0 ? undefined : words.join('');
}

function completedReason({ call, refusal }: SeenOutput): FinishReason {
  if (call) return 'tool_calls';
  return refusal ? 'refusal' : 'stop';
}

/** The members of a response that tell how it ended, and the type of its last event. */
export interface ResponseEnd {
  type: 'response.completed' | 'response.incomplete' | 'response.failed';
  status: 'completed' | 'incomplete' | 'failed';
  incomplete_details: JsonObject | null;
  error: JsonObject | null;
}

/** The end of a response: an incomplete one names the reason, a malformed one has failed. */
export function encodeFinish({
  reason,
  detail,
}: Pick<Finish, 'reason'> & Partial<Finish>): ResponseEnd {
  switch (reason) {
    case 'length':
    case 'context_exceeded':
      return endIncomplete('max_output_tokens');
    case 'content_filter':
      return endIncomplete('content_filter');
    case 'malformed':
      return {
        type: 'response.failed',
        status: 'failed',
        incomplete_details: null,
        error: {
          code: 'server_error',
          message: detail ?? 'The model made a tool call that is malformed.',
        },
      };
    default:
      return {
        type: 'response.completed',
        status: 'completed',
        incomplete_details: null,
        error: null,
      };
  }
}

function endIncomplete(reason: string): ResponseEnd {
  return {
    type: 'response.incomplete',
    status: 'incomplete',
    incomplete_details: { reason },
    error: null,
  };
}
