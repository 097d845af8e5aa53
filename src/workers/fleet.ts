import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../core/logger.ts';
import type { ProcessFigures } from '../metrics/process-families.ts';
import { createCrew } from './crew.ts';
import type { Estate } from './desk.ts';
import type { Member } from './member.ts';
import type { ConfigText, Started, StartOrder } from './operations.ts';
import type { WorkerCommand } from './worker-process.ts';

/** The workers of one proxy. */
export interface Fleet {
  /** Starts them all; resolves with the URL, or with why one of them cannot start. */
  start(order: StartOrder): Promise<Started>;
  /** Has calls from here on run against another config. */
  reload(config: ConfigText): Promise<void>;
  figures(): Promise<ProcessFigures[]>;
  /** Resolves when the calls of all have settled, and all have ended. */
  drain(graceMs: number): Promise<void>;
  /** Ends the grace at once. */
  hurry(): void;
}

interface FleetParts {
  size: number;
  command: WorkerCommand;
  estate: Estate;
  logger: Logger;
}

/** A worker that dies is replaced after a pause, which doubles while the next ones do not last either. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const LASTING_MS = 10_000;

/** Nothing is started yet. */
export function createFleet({ size, command, estate, logger }: FleetParts): Fleet {
  const { clock } = estate;
  const crew = createCrew(estate, command);
  /** What a worker starts with; null before all have, and when all are to end. */
  let order: StartOrder | null = null;

  async function begin({ link, pid, ready }: Member, first: StartOrder): Promise<Started> {
    await ready;
    const died = { problems: [`The worker process ${pid} ended before it listened.`] };
    const started = await link.ask('start', first).catch(() => died);
    crew.brief(link);
    if ('url' in started) logger.info({ worker: pid }, 'A worker answers calls');
    return started;
  }

  /** Has another one in its place when it is gone. */
  async function keep(member: Member, pauseMs = FIRST_PAUSE_MS): Promise<void> {
    const beganMs = clock.monotonicMs();
    const exit = await member.gone;
    if (order === null) return;
    logger.error({ worker: member.pid, exit }, 'A worker died; another one is started');
    const waitMs = clock.monotonicMs() - beganMs > LASTING_MS ? FIRST_PAUSE_MS : pauseMs;
    await pause(waitMs);
    if (order === null) return;
    const next = crew.add();
    void keep(next, Math.min(LONGEST_PAUSE_MS, waitMs * 2));
    const started = await begin(next, order);
    if (!('problems' in started)) return;
    logger.error({ worker: next.pid, problems: started.problems }, 'A worker cannot start');
    next.kill();
  }

  return {
    async start(first) {
      const members = Array.from({ length: size }, crew.add);
      let answer: Started = { problems: [] };
      for (const member of members) {
        answer = await begin(member, first);
        if (!('problems' in answer)) continue;
        await crew.dismissAll();
        return answer;
      }
      order = first;
      for (const member of members) void keep(member);
      return answer;
    },
    async reload(config) {
      if (order !== null) order = { ...order, config };
      await crew.askAll((link) => link.ask('reload', config));
    },
    figures: () => crew.askAll((link) => link.ask('figures', null)),
    async drain(graceMs) {
      order = null;
      await crew.askAll((link) => link.ask('drain', graceMs));
      await crew.dismissAll();
    },
    hurry: () => crew.tellAll((link) => link.tell('hurry', null)),
  };
}
