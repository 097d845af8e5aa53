import type { Catalog } from '../catalog/catalog.ts';
import type { Limit } from '../policies/limit.ts';
import { type LimitMemory, type ReadOn, restoreLimits } from './restore-limits.ts';

/** Counts for limits that are new what was used before and beside them. */
export interface LimitRestorer {
  /** Counts what the ledger knows of these limits, which the catalog brings. */
  restore(limits: readonly Limit[], catalog: Catalog): Promise<void>;
  /** To be told of lines that go to the ledger. */
  appended(lines: string, written: void | Promise<void>): void;
}

/** Limits that a reload brought: calls that began before it hold nothing of them, and count when they end. */
interface NewLimits {
  /** The hashes of the configs that know them. */
  knownTo: Set<string>;
  readOn: ReadOn;
}

/** Reloads whose limits are followed; hardly a call is older than so many. */
const MAX_RELOADS = 8;

/** Longer than a line waits for its write under `durability: relaxed`. */
const WRITE_MS = 200;

/** A restorer of limits for one ledger and one store of counters. */
export function createLimitRestorer(memory: Omit<LimitMemory, 'catalog'>): LimitRestorer {
  let followed: NewLimits[] = [];
  let isStarted = false;
  let timer: NodeJS.Timeout | null = null;

  const catchUp = async () => {
    timer = null;
    for (const { knownTo, readOn } of followed) {
      await readOn((hash) => !knownTo.has(hash)).catch((err: unknown) =>
        memory.logger.error({ err }, 'The ledger cannot be read: a call is missing in new limits'),
      );
    }
  };
  let reading = Promise.resolve();
  const plan = () => {
    timer?.refresh();
    timer ??= setTimeout(() => {
      reading = reading.then(catchUp);
    }, WRITE_MS).unref();
  };
  const isLate = (line: string) => {
    const hash = /"config_hash":"(\w*)"/.exec(line)?.[1] ?? '';
    return followed.some(({ knownTo }) => !knownTo.has(hash));
  };

  return {
    async restore(limits, catalog) {
      const { configHash } = catalog;
      for (const { knownTo } of followed) knownTo.add(configHash);
      const readOn = await restoreLimits(limits, { ...memory, catalog });
      if (isStarted && readOn !== null) {
        followed = [...followed, { knownTo: new Set([configHash]), readOn }].slice(-MAX_RELOADS);
        plan();
      }
      isStarted = true;
    },
    appended(lines, written) {
      if (followed.length === 0 || !lines.split('\n').some(isLate)) return;
      if (written) void written.then(plan);
      else plan();
    },
  };
}
