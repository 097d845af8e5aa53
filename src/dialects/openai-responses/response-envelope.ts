import { answerSuffix } from '../answer-id.ts';
import type { AnswerTarget } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asObject, type JsonObject } from '../json-object.ts';

type Start = Extract<StreamPart, { type: 'start' }>;

/**
 * The members that are the same in every snapshot of one response. Clients read the settings from it, so all of
 * them are there, with the client's value or null.
 */
export function createEnvelope(start: Start | undefined, target: AnswerTarget): JsonObject {
  return {
    id: `resp_${answerSuffix(start?.id, target.mintId)}`,
    object: 'response',
    created_at: start?.createdAt ?? target.nowSeconds,
    model: start?.model ?? target.request.model,
    ...echoSettings(target.body),
  };
}

/** Settings that a response repeats, with the values of those that the client left out. */
const ECHOED: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  prompt_cache_retention: null,
  safety_identifier: null,
  service_tier: 'auto',
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: null,
};

/** Whatever was asked, nothing is stored and nothing runs in the background. */
function echoSettings(body: JsonObject): JsonObject {
  const echoed = Object.entries(ECHOED).map(([name, absent]) => [name, body[name] ?? absent]);
  return {
    ...Object.fromEntries(echoed),
    access_programs: null,
    background: false,
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...asObject(body['reasoning']) },
    store: false,
    text: { format: { type: 'text' }, ...asObject(body['text']) },
  };
}
