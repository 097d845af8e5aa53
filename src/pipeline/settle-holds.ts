import type { ApiKey } from '../catalog/catalog.ts';
import { totalInput, totalOutput } from '../core/token-usage.ts';
import type { HeldAmounts, UsageRecord } from '../usage/usage-record.ts';
import { type CallHolds, NO_HOLDS } from './call-holds.ts';
import type { Runtime } from './runtime.ts';

/** Turns what a call held into what its line of the ledger says. */
export function settleHolds(
  holds: CallHolds,
  record: UsageRecord,
  { logger }: Runtime,
): void | Promise<void> {
  if (holds === NO_HOLDS) return;
  const { usage, costNanoUsd, held } = record;
  const isAnswered = record.httpStatus < 400;
  const { heldNanoUsd } = holds;
  if (heldNanoUsd !== null && costNanoUsd !== null && costNanoUsd > heldNanoUsd) {
    const { requestId, model } = record;
    const fields = { requestId, model, held: `${heldNanoUsd}`, cost: `${costNanoUsd}` };
    logger.warn(fields, 'A call cost more than its budgets held: its input was estimated too low');
  }
  return holds.settle({
    requests: isAnswered || record.attempts.length > 0 ? 1 : 0,
    tokensIn: usage === null ? (held?.tokensIn ?? 0) : totalInput(usage.tokens),
    tokensOut: usage === null ? (held?.tokensOut ?? 0) : totalOutput(usage.tokens),
    nanoUsd: costNanoUsd ?? held?.nanoUsd ?? 0n,
  });
}

/** Where nobody knows what an answer used, or what that cost, what was held is the best guess (BUD-6). */
export function heldFor(
  { claim }: CallHolds,
  record: UsageRecord,
  apiKey: ApiKey | null,
): HeldAmounts | undefined {
  if (claim === null) return undefined;
  const { costNanoUsd, costReason, httpStatus, usage } = record;
  // An unanswered call has a cost, unknown or not, once what its upstream may bill was metered.
  const isUnknown = usage === null && (httpStatus < 400 || costNanoUsd === null);
  const isAllowed = costReason === 'unpriced' && apiKey?.allowsUnpriced === true;
  const isCostUnknown = costNanoUsd === null && !isAllowed;
  const held = {
    tokensIn: isUnknown ? claim.tokensIn : 0,
    tokensOut: isUnknown ? claim.tokensOut : 0,
    nanoUsd: isCostUnknown ? claim.nanoUsd : 0n,
  };
  return held.tokensIn + held.tokensOut === 0 && held.nanoUsd === 0n ? undefined : held;
}
