import type { EncodeTarget } from '../dialect.ts';
import type { Effort, ReasoningControl } from '../ir/chat-request.ts';
import type { JsonObject } from '../json-object.ts';
import { clampEffort, effortToBudget, requestedEffort } from '../reasoning-effort.ts';

/** Thinking as a level or as a budget, never both; undefined if nothing has to be sent. */
export function encodeThinking(
  reasoning: ReasoningControl | undefined,
  target: EncodeTarget,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const { caps, losses } = target;
  if (!caps.reasoning) {
    const isAsked = reasoning.mode === 'effort' || reasoning.mode === 'budget';
    if (isAsked) losses.drop('dropped', 'reasoning');
    return undefined;
  }
  const amount =
    caps.thinking_control === 'level'
      ? encodeLevel(requestedEffort(reasoning), target)
      : encodeBudget(reasoning, target);
  const thinking = {
    ...amount,
    ...(reasoning.mode !== 'off' && reasoning.expose !== 'none' && { includeThoughts: true }),
  };
  return Object.keys(thinking).length === 0 ? undefined : thinking;
}

function encodeLevel(asked: Effort | undefined, { caps, losses }: EncodeTarget): JsonObject {
  if (asked === undefined) return {};
  const effort = clampEffort(asked, caps.efforts);
  if (effort !== asked) losses.drop('clamped', 'reasoning.effort');
  return { thinkingLevel: effort.toUpperCase() };
}

function encodeBudget(reasoning: ReasoningControl, { caps, losses }: EncodeTarget): JsonObject {
  const asked = askedBudget(reasoning);
  if (asked === undefined) return {};
  const thinkingBudget = Math.min(Math.max(asked, caps.min_budget), caps.max_budget);
  // An effort stands for a range, so only the client's own budget, or no thinking, counts as changed.
  const isChanged = thinkingBudget !== asked && reasoning.mode !== 'effort';
  if (isChanged) losses.drop('clamped', 'reasoning.budget');
  return { thinkingBudget };
}

function askedBudget(reasoning: ReasoningControl): number | undefined {
  if (reasoning.mode === 'budget' && reasoning.budget !== undefined) return reasoning.budget;
  const effort = requestedEffort(reasoning);
  return effort === undefined ? undefined : effortToBudget(effort);
}
