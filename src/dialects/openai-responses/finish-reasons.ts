import type { Finish, FinishReason } from '../ir/stream-part.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';

/** What the output of a response held, as far as its end depends on it. */
export interface SeenOutput {
  call: boolean;
  refusal: boolean;
}

/** Why an incomplete response ended; other words are news. */
const INCOMPLETE: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content_filter',
  max_messages: 'stop',
  steered: 'stop',
};

/** Why a response ended. Calls and refusals end it as `completed`. */
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

/** The words that refuse, for clients whose API has a place for why an answer ended. */
function refusalOf({ output }: JsonObject): string | undefined {
  const parts = asObjects(output).flatMap(({ content }) => asObjects(content));
  const words = parts.flatMap(({ refusal }) => asText(refusal) ?? []);
  return words.length === 0 ? undefined : words.join('');
}

function completedReason({ call, refusal }: SeenOutput): FinishReason {
  if (call) return 'tool_calls';
  return refusal ? 'refusal' : 'stop';
}

/** How a response says that it ended, and the event that says it. */
export interface ResponseEnd {
  type: 'response.completed' | 'response.incomplete' | 'response.failed';
  status: 'completed' | 'incomplete' | 'failed';
  incomplete_details: JsonObject | null;
  error: JsonObject | null;
}

/** The end of a response: a cut one says what cut it, a malformed one has failed. */
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
