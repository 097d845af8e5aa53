import { policies } from './index.ts';
import type { Limit } from './limit.ts';
import type { Check, Rule, RulePlace, Stage } from './policy.ts';
import type { Scope } from './scope.ts';

/** All rules that stand at some scopes, flat and in the order checked, so that a call only walks them. */
export interface Rules {
  readonly checks: Readonly<Record<Stage, readonly Check[]>>;
  readonly limits: readonly Limit[];
  /** The tightest `max_output`. */
  readonly maxOutput: number | null;
  /** Something here counts US dollars. */
  readonly countsMoney: boolean;
  /** Something here counts tokens or dollars, so that a call has to be measured. */
  readonly countsTokens: boolean;
}

/** Settings of a scope: its `policies` block, and the lists beside it. */
export interface ScopeSettings {
  policies?: Readonly<Record<string, unknown>> | undefined;
  lists?: Readonly<Record<string, unknown>>;
}

/** What lets everything pass. */
export const NO_RULES: Rules = rulesOf([]);

/** The rules of one scope. */
export function compileRules(
  scope: Scope,
  { policies: blocks = {}, lists = {} }: ScopeSettings,
): Rules {
  const known = new Map<string, number>();
  const rules = policies.flatMap((policy, order) => {
    const place: RulePlace = {
      scope,
      limitAt: (setting, kind = '') => ({
        id: idOf(scope, `${setting}\n${kind}`, known),
        scope,
        setting,
        order,
      }),
    };
    const found = policy.place === 'list' ? lists[policy.key] : blocks[policy.key];
    const settings = policy.place === 'list' ? asList(found) : found === undefined ? [] : [found];
    return settings.flatMap((each) => policy.compile(each as never, place));
  });
  return rules.length === 0 ? NO_RULES : rulesOf(rules);
}

/** All rules of several scopes, the widest first. */
export function combineRules(...parts: readonly Rules[]): Rules {
  const filled = parts.filter((each) => each !== NO_RULES);
  const [only = NO_RULES] = filled;
  if (filled.length < 2) return only;
  return rulesOf([
    ...filled.flatMap(({ checks }) => Object.values(checks).flat()),
    ...filled.flatMap(({ limits }) => limits.map((limit): Rule => ({ kind: 'limit', limit }))),
  ]);
}

function rulesOf(rules: readonly Rule[]): Rules {
  const checks = rules.filter((rule) => rule.kind === 'check');
  const limits = rules.flatMap((rule) => (rule.kind === 'limit' ? rule.limit : []));
  // Stable: within a policy the wider scope comes first.
  limits.sort((a, b) => a.order - b.order);
  const caps = checks.flatMap(({ maxOutput }) => maxOutput ?? []);
  const at = (stage: Stage) => checks.filter((check) => check.stage === stage);
  const countsMoney = limits.some(({ metric }) => metric === 'usd');
  return {
    checks: { arrival: at('arrival'), body: at('body'), request: at('request') },
    limits,
    maxOutput: caps.length === 0 ? null : Math.min(...caps),
    countsMoney,
    countsTokens: countsMoney || limits.some(({ metric }) => metric.startsWith('tokens')),
  };
}

/** Two budgets of the same window are two counters. */
function idOf(scope: Scope, counted: string, known: Map<string, number>): string {
  const id = `${scope.kind}\n${scope.name}\n${counted}`;
  const count = known.get(id) ?? 0;
  known.set(id, count + 1);
  return count === 0 ? id : `${id}\n${count}`;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
