import { createHash } from 'node:crypto';
import type { ChatRequest } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { isThinking, type ThinkingPlan } from './plan-thinking.ts';
import type { RequestContext } from './request-context.ts';

/** Smallest top_p that the API accepts together with thinking. */
const LEAST_THINKING_TOP_P = 0.95;

/** The longest `user_id`. https://platform.claude.com/docs/en/api/messages#metadata */
const MAX_USER_ID = 256;

/**
 * What the API refuses as a `user_id`, for it tells who somebody is.
 * https://github.com/BerriAI/litellm/issues/10106
 */
const TELLING = [/\S@\S+\.\S/, /^\+?[\d\s().-]{7,}$/];

/** Service tiers that have a word here. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['auto', 'auto'],
  ['default', 'standard_only'],
  ['priority', 'auto'],
]);

/** Throws 400 for fields that would change the form of the answer and that this API does not have. */
export function refuseUnsupported(request: ChatRequest, { refuse }: RequestContext): void {
  if (request.n > 1) throw refuse('n');
  if (request.logprobs !== undefined) throw refuse('logprobs');
  const modality = request.output.modalities?.find((each) => each !== 'text');
  if (modality !== undefined) throw refuse('modalities');
}

/** The sampling parameters, as far as the model still accepts them. */
export function encodeSampling(
  { sampling }: ChatRequest,
  plan: ThinkingPlan,
  { caps, losses }: RequestContext,
): JsonObject {
  const { temperature, topP, topK } = sampling;
  const drop = (field: string, isGiven: boolean): void => {
    if (isGiven) losses.drop('dropped', field);
  };
  drop('seed', sampling.seed !== undefined);
  drop('presence_penalty', (sampling.presencePenalty ?? 0) !== 0);
  drop('frequency_penalty', (sampling.frequencyPenalty ?? 0) !== 0);
  drop('logit_bias', Object.keys(sampling.logitBias ?? {}).length > 0);

  const isFree = caps.sampling && !isThinking(plan);
  const keepsTemperature = temperature !== undefined && isFree;
  // Newer models refuse temperature and top_p together.
  const keepsTopP =
    topP !== undefined &&
    caps.sampling &&
    !keepsTemperature &&
    (isFree || topP >= LEAST_THINKING_TOP_P);
  drop('temperature', temperature !== undefined && !keepsTemperature);
  drop('top_p', topP !== undefined && !keepsTopP);
  drop('top_k', topK !== undefined && !isFree);
  if (keepsTemperature && temperature > 1) losses.drop('clamped', 'temperature');
  return {
    ...(keepsTemperature && { temperature: Math.min(temperature, 1) }),
    ...(keepsTopP && { top_p: topP }),
    ...(topK !== undefined && isFree && { top_k: topK }),
  };
}

/** The stop strings; the API refuses those of white space only. */
export function encodeStop({ stop }: ChatRequest, { caps, losses }: RequestContext): JsonObject {
  const taken = stop.filter((text) => text.trim() !== '');
  if (taken.length < stop.length) losses.drop('dropped', 'stop');
  return taken.length === 0 || !caps.stop_sequences ? {} : { stop_sequences: taken };
}

/** The end user and the service tier. */
export function encodeService(
  { endUser, tier }: ChatRequest,
  { losses }: RequestContext,
): JsonObject {
  const service_tier = TIERS.get(tier ?? '');
  if (tier !== undefined && service_tier === undefined) losses.drop('dropped', 'service_tier');
  return {
    ...(endUser !== undefined && { metadata: { user_id: hideIdentity(endUser) } }),
    ...(service_tier !== undefined && { service_tier }),
  };
}

/** The same for the same user; only a hash where the API would refuse what the client calls them. */
function hideIdentity(user: string): string {
  const isTaken = user.length <= MAX_USER_ID && !TELLING.some((pattern) => pattern.test(user));
  return isTaken ? user : createHash('sha256').update(user).digest('hex');
}

/** Notes the hints that this API has no field for. */
export function dropForeignHints(
  { cache, output, extra }: ChatRequest,
  { losses }: RequestContext,
): void {
  if (output.verbosity !== undefined) losses.drop('dropped', 'verbosity');
  if (cache.key !== undefined) losses.drop('dropped', 'prompt_cache_key');
  if (cache.ttl !== undefined) losses.drop('dropped', 'prompt_cache_retention');
  for (const fields of Object.values(extra)) {
    for (const [field, value] of Object.entries(fields)) {
      if (value !== undefined && value !== null && value !== false) losses.drop('dropped', field);
    }
  }
}
