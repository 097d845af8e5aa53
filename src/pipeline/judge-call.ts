import type { GatewayError } from '../core/gateway-error.ts';
import type { CallFacts, Stage } from '../policies/policy.ts';
import type { Rules } from '../policies/rules.ts';

const STAGES: readonly Stage[] = ['arrival', 'body', 'request'];

/** The first refusal by any check of these rules, at any stage; null = the call may pass. */
export function judgeCall(rules: Rules, facts: CallFacts): GatewayError | null {
  for (const stage of STAGES) {
    const refusal = judgeStage(rules, stage, facts);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** The same for what can be judged at one stage of its arrival. */
export function judgeStage({ checks }: Rules, stage: Stage, facts: CallFacts): GatewayError | null {
  for (const check of checks[stage]) {
    const refusal = check.judge(facts);
    if (refusal !== null) return refusal;
  }
  return null;
}
