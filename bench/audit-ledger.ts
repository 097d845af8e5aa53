import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { BENCH_COST_NANOS } from './signalbox-config.ts';

/** What the ledger says of a measure's calls. */
export interface LedgerAudit {
  /** Each answered once, each with one line of the exact cost. */
  calls: number;
  costNanos: bigint;
}

/** Reads the ledger of a lab; throws unless it holds just the answered calls, each at its exact cost. */
export async function auditLedger(file: string, answered: number): Promise<LedgerAudit> {
  let calls = 0;
  if (answered === 0) return { calls, costNanos: 0n };
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const { cost_nanos_usd: cost, request_id } = JSON.parse(text);
    assert.equal(cost, Number(BENCH_COST_NANOS), `${request_id} has a wrong cost`);
    calls += 1;
  }
  assert.equal(calls, answered, 'The ledger does not hold the calls that were answered');
  return { calls, costNanos: BigInt(calls) * BENCH_COST_NANOS };
}
