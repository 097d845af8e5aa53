import type { ChatRequest } from '../ir/chat-request.ts';
import { asObject, asText, type JsonObject } from '../json-object.ts';
import { requireText } from '../read-fields.ts';
import {
  decodeCache,
  decodeLogprobs,
  decodeMetadata,
  decodeOutput,
  decodeReasoning,
  decodeSampling,
  decodeStop,
} from './decode-controls.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { optionalBoolean, optionalNumber } from './read-wire.ts';

/** Members that only OpenAI's APIs know; for other APIs they are hints, and lost. */
const OPENAI_HINTS = [
  'store',
  'prediction',
  'moderation',
  'prompt_cache_options',
  'prompt_cache_retention',
] as const;

/** Reads a chat completions request; throws 400 with the path of what is malformed. */
export function decodeChatRequest(body: JsonObject, { stream }: { stream: boolean }): ChatRequest {
  const { system, turns, names } = decodeMessages(body['messages']);
  const tools = decodeTools(body);
  return {
    model: requireText(body['model'], 'model'),
    system,
    turns,
    tools,
    toolChoice: decodeToolChoice(body, tools),
    parallelToolCalls: optionalBoolean(body['parallel_tool_calls'], 'parallel_tool_calls'),
    reasoning: decodeReasoning(body['reasoning_effort']),
    output: decodeOutput(body),
    sampling: decodeSampling(body),
    stop: decodeStop(body['stop']),
    n: optionalNumber(body['n'], 'n') ?? 1,
    logprobs: decodeLogprobs(body),
    cache: decodeCache(body),
    tier: asText(body['service_tier']),
    endUser: asText(body['safety_identifier']) ?? asText(body['user']),
    metadata: decodeMetadata(body['metadata']),
    stream,
    includeUsage: asObject(body['stream_options'])['include_usage'] === true,
    extra: { 'openai-chat': { ...pickHints(body), ...names } },
  };
}

/** False and null ask for nothing, so no loss is recorded for them. */
function pickHints(body: JsonObject): JsonObject {
  const said = OPENAI_HINTS.filter((name) => body[name]);
  return Object.fromEntries(said.map((name) => [name, body[name]]));
}
