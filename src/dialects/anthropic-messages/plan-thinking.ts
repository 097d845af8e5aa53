import type { ChatRequest, ReasoningControl, Turn } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { clampEffort, effortToBudget, requestedEffort } from '../reasoning-effort.ts';
import type { RequestContext } from './request-context.ts';

/** `max_tokens` for clients that set no limit: this API requires one. */
const DEFAULT_MAX_TOKENS = 32_000;
const UNKNOWN_MODEL_MAX_TOKENS = 8192;

/** The smallest thinking budget that the API accepts. */
const LEAST_BUDGET = 1024;

/** The share of the client's own limit that thinking may take, so that an answer still fits. */
const BUDGET_SHARE = 0.8;

/** The thinking settings, and the limit of the answer's length. */
export interface ThinkingPlan {
  maxTokens: number;
  /** The `thinking` member; undefined = the model decides. */
  thinking: JsonObject | undefined;
  effort: string | undefined;
}

/** True if the model will think before it answers. */
export function isThinking({ thinking }: Pick<ThinkingPlan, 'thinking'>): boolean {
  return thinking !== undefined && thinking['type'] !== 'disabled';
}

/** The plan without thinking. */
export function withoutThinking(plan: ThinkingPlan, { caps }: RequestContext): ThinkingPlan {
  const thinking = caps.thinking.includes('disabled') ? { type: 'disabled' } : undefined;
  return { ...plan, thinking };
}

/** Plans thinking in the form that the model takes: by effort, or by budget for older models. */
export function planThinking(request: ChatRequest, context: RequestContext): ThinkingPlan {
  const { reasoning } = request;
  const { caps, losses } = context;
  const plain = { maxTokens: planMaxTokens(request, context), thinking: undefined };
  if (reasoning === undefined) return { ...plain, effort: undefined };
  if (!caps.reasoning) {
    if (reasoning.mode !== 'off') losses.drop('dropped', 'reasoning');
    return { ...plain, effort: undefined };
  }
  if (caps.thinking.includes('adaptive')) return { ...plain, ...planAdaptive(reasoning, context) };
  return planBudget(request, plain.maxTokens, context);
}

function planMaxTokens({ output }: ChatRequest, { caps, losses }: RequestContext): number {
  const most = caps.max_output_tokens ?? UNKNOWN_MODEL_MAX_TOKENS;
  if (output.maxTokens === undefined) return Math.min(most, DEFAULT_MAX_TOKENS);
  const isTooMany = caps.max_output_tokens !== undefined && output.maxTokens > most;
  if (isTooMany) losses.drop('clamped', 'max_tokens');
  return isTooMany ? most : output.maxTokens;
}

function planAdaptive(
  reasoning: ReasoningControl,
  { caps, losses }: RequestContext,
): Pick<ThinkingPlan, 'thinking' | 'effort'> {
  const wanted = requestedEffort(reasoning);
  const display = reasoning.expose === 'none' ? 'omitted' : 'summarized';
  const adaptive = { type: 'adaptive', display };
  if (wanted === undefined) {
    return { thinking: reasoning.expose === 'none' ? undefined : adaptive, effort: undefined };
  }
  const isOff = wanted === 'none';
  if (isOff && caps.thinking.includes('disabled')) {
    return { thinking: { type: 'disabled' }, effort: undefined };
  }
  const effort = clampEffort(wanted, caps.efforts);
  if (effort !== wanted) losses.drop('clamped', 'reasoning.effort');
  return { thinking: isOff ? undefined : adaptive, effort };
}

function planBudget(
  { reasoning, output }: ChatRequest,
  maxTokens: number,
  context: RequestContext,
): ThinkingPlan {
  const { caps, losses } = context;
  const plain = { maxTokens, thinking: undefined, effort: undefined };
  const wanted = reasoning?.mode === 'budget' ? reasoning.budget : budgetOf(reasoning);
  if (wanted === undefined || !caps.thinking.includes('enabled')) return plain;
  if (wanted <= 0) return withoutThinking(plain, context);
  const budget = Math.max(
    LEAST_BUDGET,
    Math.min(Math.max(wanted, caps.min_budget), caps.max_budget),
  );
  if (output.maxTokens === undefined) {
    const roomy = Math.min(maxTokens + budget, caps.max_output_tokens ?? maxTokens + budget);
    return enabled(Math.min(budget, roomy - 1), roomy);
  }
  const most = Math.floor(BUDGET_SHARE * maxTokens);
  if (most >= LEAST_BUDGET) return enabled(Math.min(budget, most), maxTokens);
  losses.drop('dropped', 'reasoning');
  return withoutThinking(plain, context);
}

function enabled(budget_tokens: number, maxTokens: number): ThinkingPlan {
  return { maxTokens, thinking: { type: 'enabled', budget_tokens }, effort: undefined };
}

function budgetOf(reasoning: ReasoningControl | undefined): number | undefined {
  const effort = requestedEffort(reasoning);
  return effort === undefined ? undefined : effortToBudget(effort);
}

/**
 * True if thinking has to be turned off: a model that thinks by budget must find its thinking before the calls
 * that are being answered, and the client could not send it back.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking
 */
export function lacksThinking({ thinking }: ThinkingPlan, turns: readonly Turn[]): boolean {
  if (thinking?.['type'] !== 'enabled') return false;
  const isAnswered = turns.at(-1)?.blocks.some(({ type }) => type === 'tool_result') ?? false;
  const called = turns.findLast(({ role }) => role === 'assistant');
  return isAnswered && called?.blocks[0]?.type !== 'reasoning';
}
