import { GatewayError } from '../../core/gateway-error.ts';
import { type CallSums, sumOverTime, type TimeGroup } from '../../usage/sum-over-time.ts';
import { GROUPINGS, isGrouping } from '../../usage/summary.ts';
import { readInTurn } from '../read-in-turn.ts';
import type { Visit } from '../visit.ts';

const HOUR_MS = 3_600_000;

/** The stretches of time that the page shows, in steps that make a readable figure. */
const SPANS = {
  hour: { stepMs: 60_000, steps: 60 },
  day: { stepMs: HOUR_MS, steps: 24 },
  week: { stepMs: 6 * HOUR_MS, steps: 28 },
  month: { stepMs: 24 * HOUR_MS, steps: 30 },
};

/** Groups that are told with their course over time. */
const TOLD_GROUPS = 100;

/** Sums the ledger by what the query asks for. */
export function sumForPage(visit: Visit): Promise<unknown> {
  const { query, runtime } = visit;
  const by = query.get('by') ?? 'model';
  const span = query.get('span') ?? 'day';
  if (!isGrouping(by)) throw invalid('by', Object.keys(GROUPINGS));
  if (!isSpan(span)) throw invalid('span', Object.keys(SPANS));
  const { stepMs, steps } = SPANS[span];
  const sinceMs = (Math.floor(runtime.clock.now() / stepMs) + 1 - steps) * stepMs;
  return readInTurn(visit, async () => {
    const sums = await sumOverTime({ file: runtime.ledgerFile, by, sinceMs, stepMs, steps });
    return {
      since: sinceMs,
      step_ms: stepMs,
      steps,
      total: tell(sums.total),
      groups: sums.groups.slice(0, TOLD_GROUPS).map(tellGroup),
      others: sums.groups.length - Math.min(sums.groups.length, TOLD_GROUPS),
      damaged: sums.damaged,
    };
  });
}

function tellGroup({ name, steps, ...sums }: TimeGroup) {
  return { name, ...tell(sums), steps: steps.map(tell) };
}

/** Money as text, since a browser's numbers would round it. */
function tell({ calls, errors, tokensIn, tokensOut, nanos, unknownCosts }: CallSums) {
  return {
    calls,
    errors,
    tokens_in: tokensIn,
    tokens_out: tokensOut,
    nanos: String(nanos),
    unknown_costs: unknownCosts,
  };
}

function isSpan(word: string): word is keyof typeof SPANS {
  return Object.hasOwn(SPANS, word);
}

function invalid(param: string, words: readonly string[]): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` is one of ${words.join(', ')}.`, {
    param,
  });
}
