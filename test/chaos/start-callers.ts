import { setTimeout as pause } from 'node:timers/promises';
import { hangUpClients, makeCall, type Outcome, planCall } from './chaos-client.ts';
import type { ChaosProxy } from './chaos-proxy.ts';
import type { Random } from './random.ts';

/** Lanes are slugs that are used again and again, so that names do not fill any memory. */
const LANES = 300;
const CALM_LANES = 150;

interface Manner {
  random: Random;
  /** How many call at the same time. */
  count: number;
  /** Told at once of a call that failed and had no reason to. */
  report(line: string): void;
}

/** Calls a proxy whenever it is up, and adds to the outcomes what came of it. */
export function startCallers(proxy: ChaosProxy, outcomes: Outcome[], manner: Manner) {
  const { random, count, report } = manner;
  let isOpen = true;
  let isInLanes = false;
  let number = 0;
  const planNext = () => {
    number += 1;
    const lane = number % LANES;
    const slug = isInLanes ? `lane-${lane}` : `call-${number}`;
    const isRough = isInLanes ? lane >= CALM_LANES : random.chance(0.5);
    return planCall(random, slug, { isRough, mustSucceed: isInLanes && !isRough });
  };
  const work = async () => {
    while (isOpen) {
      if (!proxy.isUp) {
        await pause(5);
        continue;
      }
      const outcome = await makeCall(proxy.url, planNext());
      outcomes.push(outcome);
      if (outcome.mustSucceed && !outcome.isWhole) report(`failed: ${JSON.stringify(outcome)}`);
    }
  };
  const workers = Array.from({ length: count }, work);
  return {
    /** From here on the same slugs come again and again, and calm calls have no reason to fail. */
    useLanes() {
      isInLanes = true;
    },
    async stop() {
      isOpen = false;
      await Promise.all(workers);
      hangUpClients();
    },
  };
}
