import type { Clock } from '../core/clock.ts';
import type { CallMeters } from '../metrics/call-meters.ts';
import type { TokenRatios } from '../pipeline/token-ratios.ts';
import { isDenial } from '../policies/counters.ts';
import { NOTHING } from '../policies/limit.ts';
import type { MemoryCounters } from '../policies/memory-counters.ts';
import type { OwnRoutingState } from '../routing/routing-state.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { LedgerHistory } from '../usage/ledger-history.ts';
import { createHolds } from './holds.ts';
import type { LimitReader } from './limit-list.ts';
import type { Link } from './link.ts';
import type { OwnerOperations, WorkerOperations } from './operations.ts';
import { readAmounts } from './plain-amounts.ts';
import { createProbes } from './probes.ts';

/** What one process keeps for all. */
export interface Estate {
  clock: Clock;
  counters: MemoryCounters;
  history: LedgerHistory;
  ledger: Ledger;
  limits: LimitReader;
  meters: CallMeters;
  routing: OwnRoutingState;
  tokenRatios: TokenRatios;
}

/** Those that hear what a worker has learned. */
export interface Audience {
  /** Every worker but that one. */
  others(): Iterable<Link<WorkerOperations>>;
  /** A circuit may have changed. */
  showCircuit(trustKey: string): void;
}

/** Where the owner serves one worker. */
export interface Desk {
  operations: Omit<OwnerOperations, 'hello'>;
  /** Writes the lines of one message at once. */
  endTurn(): void | Promise<void>;
  /** The worker is gone: what it held is given back, as a restart would. */
  release(): void;
}

/** The desk of a worker that holds nothing. */
export function createDesk(estate: Estate, audience: Audience): Desk {
  const { clock, counters, history, ledger, limits, meters, routing, tokenRatios } = estate;
  const holds = createHolds();
  const probes = createProbes(routing, clock);
  let lines: string[] = [];

  return {
    operations: {
      take({ hold: number, limits: text, claim }) {
        const taking = counters.take(limits.read(text), readAmounts(claim));
        if (isDenial(taking)) {
          const { limit, left, waitMs } = taking;
          return { limit: limit.id, left: typeof left === 'bigint' ? String(left) : left, waitMs };
        }
        const { hold, requests, tokens } = taking;
        holds.add(number, hold);
        const { steadyMs, wallMs } = hold;
        return { steadyMs, wallMs, requests, tokens };
      },
      settle({ hold: number, part, used }) {
        const hold = holds.take(number, part);
        if (hold !== undefined) counters.settle(hold, readAmounts(used));
      },
      line(line) {
        lines.push(line);
      },
      count({ model, record }) {
        const { costNanoUsd: cost } = record;
        meters.count(model, { ...record, costNanoUsd: cost === null ? null : BigInt(cost) });
      },
      measured(measured) {
        routing.statsOf(measured.speedKey).record(measured.measure, clock.monotonicMs());
        for (const other of audience.others()) other.tell('measured', measured);
      },
      probing(trustKey) {
        probes.begin(trustKey);
        audience.showCircuit(trustKey);
      },
      tried(tried) {
        probes.judge(tried);
        audience.showCircuit(tried.trustKey);
      },
      busy({ trustKey, milliseconds }) {
        routing.circuitOf(trustKey).wait(clock.monotonicMs(), milliseconds);
        audience.showCircuit(trustKey);
      },
      watched(model) {
        tokenRatios.bytesPerToken(model);
        for (const other of audience.others()) other.tell('watched', model);
      },
      weighed(weighed) {
        tokenRatios.record(weighed.model, weighed.textBytes, weighed.tokens);
        for (const other of audience.others()) other.tell('weighed', weighed);
      },
    },
    endTurn() {
      if (lines.length === 0) return;
      for (const line of lines) history.add(line);
      const written = ledger.append(lines.join('\n'), lines.length);
      lines = [];
      return written;
    },
    release() {
      for (const hold of holds.takeAll()) counters.settle(hold, NOTHING);
      for (const trustKey of probes.forgetAll()) audience.showCircuit(trustKey);
    },
  };
}
