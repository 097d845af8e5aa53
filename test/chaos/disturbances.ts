import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosConfig } from './chaos-config.ts';
import type { ChaosProxy } from './chaos-proxy.ts';
import type { Random } from './random.ts';

/** Something that goes on beside the calls until it is told to stop. */
interface Disturbance {
  count(): number;
  /** Resolves when the world is in order again. */
  stop(): Promise<void>;
}

/** Half of the versions are broken; some are announced by SIGHUP before the watcher sees them. */
export function startReloads(proxy: ChaosProxy, config: ChaosConfig, random: Random): Disturbance {
  return repeat(async () => {
    await pause(random.between(50, 400));
    // A proxy that is starting reads the file as it is, which had better be whole then.
    if (!proxy.isUp) return false;
    await config.writeBroken();
    if (random.chance(0.3)) proxy.hangUp();
    await pause(random.between(0, 200));
    await config.writeGood();
    return true;
  });
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;

/** The wall clock leaps forth and back: over a second, over midnight, over the end of a month. */
export function startClockJumps(proxy: ChaosProxy, random: Random): Disturbance {
  return repeat(async () => {
    await pause(random.between(100, 1_500));
    const distance = random.pick([
      0,
      SECOND_MS,
      90 * SECOND_MS,
      HOUR_MS,
      26 * HOUR_MS,
      40 * DAY_MS,
    ]);
    proxy.moveClock(random.chance(0.5) ? distance : -distance);
    return true;
  });
}

/** Now and then the ledger can grow no further for a moment. Does nothing where files cannot be limited. */
export function startFullDisks(proxy: ChaosProxy, ledgerFile: string, random: Random): Disturbance {
  const canLimit = existsSync('/usr/bin/prlimit');
  return repeat(async (isFirst) => {
    await pause(isFirst ? 200 : random.between(1_000, 10_000));
    if (!canLimit) return false;
    // Between a rotation and the next line there is no file.
    const { size } = await stat(ledgerFile).catch(() => ({ size: 0 }));
    await proxy.limitFiles(size + random.between(0, 5_000));
    await pause(random.between(100, 800));
    await proxy.limitFiles(null);
    return true;
  });
}

/** Takes the step again and again; counts those that did something. */
function repeat(step: (isFirst: boolean) => Promise<boolean>): Disturbance {
  let isOn = true;
  let steps = 0;
  const work = (async () => {
    while (isOn) if (await step(steps === 0)) steps += 1;
  })();
  return {
    count: () => steps,
    async stop() {
      isOn = false;
      await work;
    },
  };
}
