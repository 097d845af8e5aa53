import type { Effort, ReasoningControl } from './ir/chat-request.ts';

/** Efforts from weakest to strongest. */
export const EFFORTS: readonly Effort[] = [
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
];

/** The thinking budget of each effort; Google publishes the middle three. */
const BUDGETS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 64_000,
};

/** The value if it is the word of an effort, else undefined. */
export function asEffort(value: unknown): Effort | undefined {
  return EFFORTS.find((effort) => effort === value);
}

/** The thinking budget that an effort stands for. */
export function effortToBudget(effort: Effort): number {
  return BUDGETS[effort];
}

/** The effort that a thinking budget stands for. */
export function budgetToEffort(budget: number): Effort {
  if (budget <= 0) return 'none';
  if (budget <= 1024) return 'low';
  if (budget <= 8192) return 'medium';
  return budget <= 24_576 ? 'high' : 'xhigh';
}

/** The strongest supported effort that is not stronger than the one asked for; the weakest if all are stronger. */
export function clampEffort(effort: Effort, supported: readonly Effort[]): Effort {
  const ceiling = EFFORTS.indexOf(effort);
  const below = supported.filter((each) => EFFORTS.indexOf(each) <= ceiling);
  return below.at(-1) ?? supported[0] ?? effort;
}

/** The effort that a request asks for, with budgets converted; undefined = the model decides. */
export function requestedEffort(reasoning: ReasoningControl | undefined): Effort | undefined {
  if (reasoning === undefined) return undefined;
  if (reasoning.mode === 'off') return 'none';
  if (reasoning.mode === 'budget') return budgetToEffort(reasoning.budget ?? 0);
  return reasoning.effort;
}
