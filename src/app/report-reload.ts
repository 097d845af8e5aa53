import type { Config } from '../config/schema.ts';
import type { Logger } from '../core/logger.ts';
import { type ConfigChanges, listChanges } from './list-changes.ts';

/** What the process takes from the config that it starts with, and from no later one. */
const START_ONLY = [
  'server.host',
  'server.port',
  'server.workers',
  'log',
  'usage',
  'routing.window',
  'routing.circuit',
];

/** Enough to recognise what was edited; a generated file can change in thousands of places. */
const MAX_LISTED = 50;

interface Reload {
  hash: string;
  /** The config that the process started with. */
  started: Config;
  before: Config;
  after: Config;
}

/** Logs what a reload changed, by name, and what of it has to wait for a restart (REL-2). */
export function reportReload(logger: Logger, { hash, started, before, after }: Reload): void {
  const { added, changed, removed } = listChanges(before, after);
  const lists = Object.entries({ added, changed, removed })
    .filter(([, paths]) => paths.length > 0)
    .map(([kind, paths]) => [kind, shorten(paths)]);
  logger.info({ config: hash, ...Object.fromEntries(lists) }, 'Config reloaded');
  const waiting = allOf(listChanges(started, after)).filter(isStartOnly);
  if (waiting.length > 0) {
    logger.warn({ settings: waiting }, 'These settings take effect with a restart');
  }
}

function allOf({ added, changed, removed }: ConfigChanges): string[] {
  return [...added, ...changed, ...removed];
}

function isStartOnly(path: string): boolean {
  return START_ONLY.some((setting) => path === setting || path.startsWith(`${setting}.`));
}

function shorten(paths: readonly string[]): string[] {
  if (paths.length <= MAX_LISTED) return [...paths];
  return [...paths.slice(0, MAX_LISTED), `and ${paths.length - MAX_LISTED} more`];
}
