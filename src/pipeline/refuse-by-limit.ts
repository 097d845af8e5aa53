import { countOf } from '../core/count-of.ts';
import { type ErrorCode, GatewayError } from '../core/gateway-error.ts';
import type { Denial } from '../policies/counters.ts';
import {
  type Amounts,
  type CalendarLimit,
  exactCountOf,
  type Limit,
  wordOf,
} from '../policies/limit.ts';
import { describeScope, settingPath } from '../policies/scope.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import { type Reader, standingHeaders } from './limit-headers.ts';

/** Waits longer than this are no client library's business: a minute, and the step it comes back in. */
const PATIENCE_MS = 61_000;

/** The error that tells a client which limit refused its call, whose it is, and when it opens again. */
export function refuseByLimit(denial: Denial, claim: Amounts, reader: Reader): GatewayError {
  const { limit, waitMs } = denial;
  const isPatient = limit.kind !== 'calendar' && waitMs !== null && waitMs <= PATIENCE_MS;
  const setting = settingPath(limit.scope, limit.setting);
  const opens = describeOpening(denial, reader.nowMs);
  const message = `${describeLimit(limit)} (\`${setting}\`)${describeRest(denial, claim)}. ${opens}`;
  return new GatewayError(codeOf(limit), message, {
    ...(waitMs === null ? {} : { retryAfterSeconds: Math.ceil(waitMs / 1000) }),
    limit: { scope: limit.scope.kind, metric: wordOf(limit), max: figureOf(limit) },
    headers: {
      // Both OpenAI's and Anthropic's clients go by it before they look at the status.
      // https://github.com/openai/openai-node/blob/master/src/client.ts
      'x-should-retry': String(isPatient),
      ...standingHeaders(denial, reader),
    },
  });
}

function codeOf({ kind, metric }: Limit): ErrorCode {
  if (metric === 'usd') return 'budget_exceeded';
  return kind === 'calendar' ? 'quota_exceeded' : 'rate_limit_exceeded';
}

function figureOf(limit: Limit): number | string {
  return limit.metric === 'usd' ? formatUsd(limit.max) : Number(limit.max);
}

/** "API key `client-a` may make 60 requests a minute". */
function describeLimit(limit: Limit): string {
  const who = describeScope(limit.scope);
  return `${who[0]?.toUpperCase()}${who.slice(1)} may ${describeFigure(limit)}`;
}

function describeFigure(limit: Limit): string {
  switch (limit.kind) {
    case 'gauge':
      return `have ${countOf(limit.max, 'call')} running at once`;
    case 'bucket':
      return `make ${countOf(limit.max, 'request')} a second, ${limit.burst} at once`;
    case 'window': {
      const span = SPANS[limit.windowMs];
      return limit.metric === 'tokens'
        ? `use ${countOf(limit.max, 'token')} ${span}`
        : `make ${countOf(limit.max, 'request')} ${span}`;
    }
    case 'calendar':
      return `${limit.metric === 'usd' ? 'spend' : 'use'} ${amountText(limit, limit.max)} ${periodText(limit)}`;
  }
}

const MINUTE_MS = 60_000;

/** By the length of a window. */
const SPANS: Readonly<Record<number, string>> = {
  [MINUTE_MS]: 'a minute',
  [60 * MINUTE_MS]: 'an hour',
  [24 * 60 * MINUTE_MS]: 'in 24 hours',
};

function periodText({ calendar: { period, timezone } }: CalendarLimit): string {
  return period === 'total' ? 'in all' : `a ${period} (${timezone})`;
}

const UNITS = {
  requests: 'request',
  tokens: 'token',
  tokens_in: 'input token',
  tokens_out: 'output token',
} as const;

function amountText({ metric }: CalendarLimit, amount: bigint): string {
  return metric === 'usd' ? `$${formatUsd(amount)}` : countOf(amount, UNITS[metric]);
}

function leftText(limit: CalendarLimit, left: bigint): string {
  const isOne = limit.metric === 'usd' || left === 1n;
  return `${amountText(limit, left)} ${isOne ? 'is' : 'are'} left`;
}

/** What is left, where it is not simply nothing. */
function describeRest({ limit, left }: Denial, claim: Amounts): string {
  if (limit.kind === 'calendar') {
    const needed = amountText(limit, exactCountOf(limit, claim));
    return `; ${leftText(limit, BigInt(left))}, and this call may need ${needed}`;
  }
  if (limit.metric !== 'tokens') return '';
  return `; ${left} are left, and this call may need ${claim.tokensIn + claim.tokensOut}`;
}

function describeOpening({ limit, waitMs }: Denial, nowMs: number): string {
  if (limit.kind === 'gauge' && waitMs !== null) return 'Try again when one of them has ended.';
  if (waitMs === null) {
    return limit.metric === 'requests' || limit.metric === 'calls'
      ? 'Waiting does not help.'
      : 'Waiting does not help: send less, or allow less output.';
  }
  if (limit.kind !== 'calendar') return `It fits again in ${Math.ceil(waitMs / 1000)} s.`;
  return `A new ${limit.calendar.period} begins at ${new Date(nowMs + waitMs).toISOString()}.`;
}
