import { totalInput, totalOutput } from '../core/token-usage.ts';
import type { UsageRecord } from '../usage/usage-record.ts';
import { type CallHolds, NO_HOLDS } from './call-holds.ts';
import type { Runtime } from './runtime.ts';

/** Turns what a call held into what its line of the ledger says. */
export function settleHolds(
  holds: CallHolds,
  record: UsageRecord,
  { logger }: Runtime,
): void | Promise<void> {
  if (holds === NO_HOLDS) return;
  const { usage, usageSource, costNanoUsd, costReason } = record;
  const isAnswered = record.httpStatus < 400;
  // An answer of which nobody knows what it used: what was held is the best guess (BUD-6).
  const isUnknown = usage === null && isAnswered && usageSource === 'none';
  const nothing = isUnknown ? null : 0;
  const { heldNanoUsd } = holds;
  if (heldNanoUsd !== null && costNanoUsd !== null && costNanoUsd > heldNanoUsd) {
    const { requestId, model } = record;
    const fields = { requestId, model, held: `${heldNanoUsd}`, cost: `${costNanoUsd}` };
    logger.warn(fields, 'A call cost more than its budgets held: its input was estimated too low');
  }
  return holds.settle({
    requests: isAnswered || record.attempts.length > 0 ? 1 : 0,
    tokensIn: usage === null ? nothing : totalInput(usage.tokens),
    tokensOut: usage === null ? nothing : totalOutput(usage.tokens),
    nanoUsd: costNanoUsd ?? (costReason === 'usage_unknown' ? null : 0n),
  });
}

/** When both are done: at once, unless one of them takes its time. */
export function bothDone(
  written: void | Promise<void>,
  settled: void | Promise<void>,
): void | Promise<void> {
  // The client's next call must find what this one gave back.
  if (settled instanceof Promise) return Promise.all([written, settled]).then(() => {});
  return written;
}
