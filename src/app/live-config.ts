import { watchFile } from '../config/watch.ts';
import type { Snapshot } from '../server/visit.ts';
import type { Resources } from './open-resources.ts';
import { type ReadyConfig, readConfigText, readyConfig } from './read-config.ts';
import { reportReload } from './report-reload.ts';
import { createSnapshots } from './snapshots.ts';
import type { AppOptions } from './start-app.ts';
import { StartError } from './start-error.ts';
import { watchPrices } from './watch-prices.ts';

/** The config that runs, kept as its file is. */
export interface LiveConfig {
  snapshot(): Snapshot;
  /** How long a shutdown lets calls finish, in milliseconds. */
  graceMs(): number;
  /** Why the file is not what runs, or null. */
  error(): string | null;
  /** Reads the file again (REL-1). */
  reload(): void;
  /** Follows the file and the prices; `onSwitch` is awaited before a change is reported. */
  follow(onSwitch: (ready: ReadyConfig) => Promise<void>): void;
  /** Stops following them. */
  stop(): Promise<void>;
}

/** What a proxy starts with. */
export interface Start<Opened extends Resources = Resources> {
  options: AppOptions;
  /** The config file as it was read. */
  text: string;
  first: ReadyConfig;
  resources: Opened;
  /** The address that is bound, whatever the file says of it later. */
  host: string;
}

/** Builds the first snapshot. */
export async function openLiveConfig(start: Start): Promise<LiveConfig> {
  const { options, text, first, resources, host } = start;
  const { clock, logger } = resources;
  const snapshots = createSnapshots(resources, host);
  let snapshot = await snapshots.build(first);
  let running = first.source.config;
  let configError: string | null = null;
  const tried = createTriedText(options.configFile, text);
  let announce: (ready: ReadyConfig) => Promise<void> = async () => {};
  let watcher: ReturnType<typeof watchFile> | null = null;
  let prices: ReturnType<typeof watchPrices> | null = null;

  const refuse = (error: unknown) => {
    configError = error instanceof Error ? error.message : String(error);
    logger.error({}, `The changed config is not valid; the running one stays.\n${configError}`);
  };
  const reload = async (changed?: string) => {
    try {
      const latest = changed ?? (await tried.read());
      // Nobody takes every key and model away with an empty file; somebody is about to write it.
      if (latest.trim() === '') throw new StartError(['The file is empty.']);
      // The address that is bound counts, whatever the file says of it by now (SEC-1).
      const ready = await readyConfig(latest, { ...options, file: options.configFile, host });
      // Calls in flight keep the snapshot that they began with.
      snapshot = await snapshots.build(ready);
      await announce(ready);
      configError = null;
      const { config: after, configHash: hash } = ready.source;
      reportReload(logger, { hash, started: first.source.config, before: running, after });
      running = after;
    } catch (error) {
      refuse(error);
    }
  };
  // One after the other: a slow reload must not undo the next one.
  let reloads = Promise.resolve();
  const queueReload = (changed?: string) => {
    if (changed !== undefined) tried.note(changed);
    reloads = reloads.then(() => reload(changed));
  };
  return {
    snapshot: () => snapshot,
    graceMs: () => running.server.shutdown_grace,
    error: () => configError,
    reload: queueReload,
    follow(onSwitch) {
      announce = onSwitch;
      prices = watchPrices({
        clock,
        changeAt: () => snapshot.runtime.catalog.pricesChangeAt(),
        reprice() {
          snapshot = snapshots.reprice(snapshot);
          logger.info(
            {},
            'List prices have changed; calls from here on are priced by the new ones',
          );
        },
      });
      if (!options.watch) return;
      watcher = watchFile(options.configFile, {
        isKnown: tried.is,
        onChange: queueReload,
        onGone() {
          tried.note(null);
          refuse(new StartError(['The file is gone or empty.']));
        },
      });
    },
    async stop() {
      prices?.stop();
      await watcher?.close();
    },
  };
}

/** The text that was tried last, valid or not, so that the same one is no news; null = there was none. */
function createTriedText(file: string, text: string) {
  let last: string | null = text;
  return {
    is: (latest: string) => latest === last,
    note(latest: string | null) {
      last = latest;
    },
    async read(): Promise<string> {
      last = null;
      last = await readConfigText(file);
      return last;
    },
  };
}
