import type { Clock } from '../core/clock.ts';
import type { CallMeters } from '../metrics/call-meters.ts';
import type { TokenRatios } from '../pipeline/token-ratios.ts';
import { type Denial, isDenial } from '../policies/counters.ts';
import { NOTHING } from '../policies/limit.ts';
import type { MemoryCounters } from '../policies/memory-counters.ts';
import type { OwnRoutingState } from '../routing/routing-state.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { LedgerHistory } from '../usage/ledger-history.ts';
import { createHolds } from './holds.ts';
import type { LimitReader } from './limit-list.ts';
import type { Link } from './link.ts';
import type { OwnerOperations, Refused, WorkerOperations } from './operations.ts';
import { readAmounts } from './plain-amounts.ts';
import { readRecord } from './plain-record.ts';
import { writeStanding } from './plain-standing.ts';
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
  const limitTexts = new Map<number, string>();
  const limitsOf = (number: number) => limits.read(limitTexts.get(number) ?? '');
  let lines: string[] = [];

  return {
    operations: {
      limits([number, text]) {
        limitTexts.set(number, text);
      },
      take([number, own, next, claim]) {
        const nextLimits = next === 0 ? undefined : limitsOf(next);
        const taking = counters.take(limitsOf(own), readAmounts(claim), nextLimits);
        if (isDenial(taking)) return writeDenial(taking);
        const { hold, requests, tokens, ahead } = taking;
        holds.add(number, hold);
        if (ahead !== null && !isDenial(ahead)) holds.add(number + 1, ahead.hold);
        const refused = ahead !== null && isDenial(ahead) ? writeDenial(ahead) : null;
        return [writeStanding(requests), writeStanding(tokens), refused];
      },
      settle([number, part, used]) {
        const hold = holds.take(number, part);
        if (hold !== undefined) counters.settle(hold, readAmounts(used));
      },
      line(line) {
        lines.push(line);
      },
      count([model, record]) {
        meters.count(model, readRecord(record));
      },
      measured(measured) {
        routing.statsOf(measured.speedKey).record(measured.measure, clock.monotonicMs());
        for (const other of audience.others()) other.mention('measured', measured);
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
        for (const other of audience.others()) other.mention('weighed', weighed);
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

function writeDenial({ limit, left, waitMs }: Denial): Refused {
  return { limit: limit.id, left: typeof left === 'bigint' ? String(left) : left, waitMs };
}
