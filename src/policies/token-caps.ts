import * as z from 'zod';
import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import { type Check, definePolicy } from './policy.ts';
import { describeScope, type Scope, settingPath } from './scope.ts';

const cap = z.int().min(0).optional();

/** POL-4: how many tokens one call may use. */
export const tokenCaps = definePolicy({
  key: 'tokens',
  place: 'policies',
  about: 'How many tokens may be used.',
  shape: () => ({
    max_input: cap.describe('Input tokens of one call, as estimated.'),
    max_output: cap.describe('Output tokens of one call; set where a request names no limit.'),
  }),
  compile({ max_input: maxInput, max_output: maxOutput }, { scope }) {
    const checks: Check[] = [];
    if (maxInput !== undefined) {
      const judge: Check['judge'] = ({ inputTokens }) =>
        inputTokens > maxInput || maxInput === 0
          ? inputRefusal(scope, maxInput, inputTokens)
          : null;
      checks.push({ kind: 'check', stage: 'request', judge });
    }
    if (maxOutput !== undefined) {
      const judge: Check['judge'] = ({ outputLimit }) =>
        (outputLimit !== null && outputLimit > maxOutput) || maxOutput === 0
          ? outputRefusal(scope, maxOutput, outputLimit)
          : null;
      checks.push({ kind: 'check', stage: 'request', judge, maxOutput });
    }
    return checks;
  },
});

function inputRefusal(scope: Scope, max: number, tokens: number): GatewayError {
  const message = `The request holds about ${tokens} input tokens; ${describeScope(scope)} may send ${max} in one call`;
  return refusal('max_input_exceeded', message, { scope, setting: 'tokens.max_input', max });
}

function outputRefusal(scope: Scope, max: number, limit: number | null): GatewayError {
  const asked = limit === null ? 'any output' : `up to ${limit} output tokens`;
  const message = `The request asks for ${asked}; ${describeScope(scope)} may get ${max} in one call`;
  return refusal('max_tokens_exceeded', message, { scope, setting: 'tokens.max_output', max });
}

interface Broken {
  scope: Scope;
  setting: string;
  max: number;
}

function refusal(code: ErrorCode, message: string, { scope, setting, max }: Broken): GatewayError {
  return new GatewayError(code, `${message} (\`${settingPath(scope, `policies.${setting}`)}\`).`, {
    limit: { scope: scope.kind, metric: setting, max },
  });
}
