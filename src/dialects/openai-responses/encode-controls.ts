import { createHash } from 'node:crypto';
import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest, OutputControl, TextBlock } from '../ir/chat-request.ts';
import { textBlock } from '../ir/text-block.ts';
import type { JsonObject } from '../json-object.ts';
import { clampEffort, requestedEffort } from '../reasoning-effort.ts';
import { cleanSchema, objectRoot } from '../schema/clean-schema.ts';
import { describeSchema } from '../schema/describe-schema.ts';

/** The smallest `max_output_tokens` that the API accepts. */
const MIN_OUTPUT_TOKENS = 16;

/** The longest `safety_identifier`. */
const MAX_END_USER = 128;

/** Throws 400 for fields that would change what the client gets and that this API does not have. */
export function refuseUnsayable({ n, output }: ChatRequest, { losses }: EncodeTarget): void {
  if (n > 1) throw losses.refuse('n');
  if (output.modalities?.some((each) => each !== 'text')) throw losses.refuse('modalities');
}

/** The sampling parameters, few of which this API has. */
export function encodeSampling({ sampling }: ChatRequest, target: EncodeTarget): JsonObject {
  const { caps, losses } = target;
  const { temperature, topP, topK, seed, presencePenalty, frequencyPenalty, logitBias } = sampling;
  const said = known({ temperature, top_p: topP });
  const unsaid = known({
    top_k: topK,
    seed,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    logit_bias: logitBias,
    ...(caps.sampling ? {} : said),
  });
  for (const field of Object.keys(unsaid)) losses.drop('dropped', field);
  return caps.sampling ? said : {};
}

/** The reasoning effort; a summary is requested if the client wants to see reasoning. */
export function encodeReasoningControl(
  { reasoning }: ChatRequest,
  { caps, losses }: EncodeTarget,
): JsonObject {
  if (reasoning === undefined) return {};
  if (!caps.reasoning) {
    if (reasoning.mode !== 'off') losses.drop('dropped', 'reasoning');
    return {};
  }
  const requested = requestedEffort(reasoning);
  const effort = requested && clampEffort(requested, caps.efforts);
  if (effort !== requested) losses.drop('clamped', 'reasoning.effort');
  const isShown = caps.reasoning_summary && reasoning.expose !== 'none' && effort !== 'none';
  const summary = isShown ? 'auto' : undefined;
  const said = known({ effort, summary });
  return Object.keys(said).length === 0 ? {} : { reasoning: said };
}

/** The format of the answer. */
export function encodeTextControl({ format, verbosity }: OutputControl): JsonObject {
  const text = known({ format: encodeFormat(format), verbosity });
  return Object.keys(text).length === 0 ? {} : { text };
}

function encodeFormat(format: OutputControl['format']): JsonObject | undefined {
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json') return { type: 'json_object' };
  if (objectRoot(format.schema) === null) return undefined;
  const { name = 'response', description } = format;
  return { type: 'json_schema', name, ...known({ description }), ...encodeSchema(format) };
}

/** What the model is told where the API takes no such schema: its root must be an object. */
export function askForFormat(
  format: OutputControl['format'],
  { losses }: EncodeTarget,
): TextBlock[] {
  if (format?.type !== 'schema' || objectRoot(format.schema) !== null) return [];
  losses.drop('emulated', 'response_format');
  return [textBlock(describeSchema(format.schema))];
}

/** Dialects that do not know the word are strict where the schema lets them. */
function encodeSchema(format: { schema: JsonObject; strict: boolean | undefined }): {
  schema: JsonObject;
  strict: boolean;
} {
  const strictly = cleanSchema(format.schema, 'openai-strict');
  const fits = strictly.fitsStrict && strictly.refused === null;
  if (format.strict !== false && fits) return { schema: strictly.schema, strict: true };
  return { schema: cleanSchema(format.schema, 'openai').schema, strict: false };
}

/** The maximum length of the answer, and the stop strings. */
export function encodeLimits(request: ChatRequest, { caps, losses }: EncodeTarget): JsonObject {
  const { stop, output } = request;
  const { maxTokens } = output;
  if (maxTokens !== undefined && maxTokens < MIN_OUTPUT_TOKENS) {
    losses.drop('raised', 'max_output_tokens');
  }
  const max_output_tokens = maxTokens && Math.max(maxTokens, MIN_OUTPUT_TOKENS);
  if (stop.length === 0) return known({ max_output_tokens });
  if (caps.stop_sequences) return known({ max_output_tokens, stop });
  losses.drop('emulated', 'stop');
  return known({ max_output_tokens });
}

/** The end user, and how the call is labeled, billed and cached. */
export function encodeLabels({ endUser, metadata, tier, cache }: ChatRequest): JsonObject {
  return known({
    safety_identifier: endUser && fitEndUser(endUser),
    metadata,
    service_tier: tier,
    prompt_cache_key: cache.key,
  });
}

function fitEndUser(endUser: string): string {
  if (endUser.length <= MAX_END_USER) return endUser;
  return createHash('sha256').update(endUser).digest('hex');
}

/**
 * What the answer has to include beside its text. Nothing is stored, so the reasoning of a model has to be
 * returned encrypted; models that do not reason refuse the request for it.
 */
export function encodeIncludes(
  { logprobs, tools }: ChatRequest,
  { caps }: EncodeTarget,
): JsonObject {
  const runs = (tool: string): boolean =>
    tools.some((each) => each.type === 'server' && each.tool === tool);
  const include = [
    caps.reasoning && 'reasoning.encrypted_content',
    logprobs && 'message.output_text.logprobs',
    runs('web_search') && 'web_search_call.action.sources',
    runs('code') && 'code_interpreter_call.outputs',
  ].filter((each) => typeof each === 'string');
  return { store: false, include, ...(logprobs && { top_logprobs: logprobs.top }) };
}

/** The members that are not undefined. */
function known(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
