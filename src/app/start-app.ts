import { watchFile } from '../config/watch.ts';
import { type Drain, drain } from '../server/drain.ts';
import { createHttpServer, type Patience } from '../server/http-server.ts';
import { createOpenCalls } from '../server/open-calls.ts';
import { followUnusedConnections } from '../server/unused-connections.ts';
import { listen } from './listen.ts';
import { openResources, type ResourceOptions, type Resources } from './open-resources.ts';
import { type ReadyConfig, readConfigText, readyConfig } from './read-config.ts';
import { reportReload } from './report-reload.ts';
import { createSnapshots } from './snapshots.ts';
import { StartError } from './start-error.ts';
import { watchPrices } from './watch-prices.ts';

/** How the proxy is started. */
export interface AppOptions extends ResourceOptions {
  configFile: string;
  /** In place of `server.host` and `server.port`. */
  host?: string | undefined;
  port?: number | undefined;
  /** Reload the file when it changes. */
  watch: boolean;
  /** Listen beyond loopback although nobody needs a key (SEC-1). */
  allowOpen: boolean;
  /** Tests are in a hurry. */
  patience?: Patience | undefined;
}

/** A running proxy. */
export interface App {
  url: string;
  /** Reads the config file again, as if it had changed (REL-1). */
  reload(): void;
  /**
   * Lets calls finish up to the grace, ends the rest with an error, settles all and closes everything.
   * A second call ends the grace at once (REL-3).
   */
  stop(): Promise<void>;
}

/** Starts the proxy; throws a StartError that tells everything that is in the way. */
export async function startApp(options: AppOptions): Promise<App> {
  const text = await readConfigText(options.configFile);
  const first = await readyConfig(text, { ...options, file: options.configFile });
  const resources = openResources(first.source.config, options);
  try {
    return await launch(options, { text, first, resources });
  } catch (error) {
    // What is open would keep a process alive that has only its error left to tell.
    await resources.close();
    throw error;
  }
}

interface Start {
  /** The config file as it was read. */
  text: string;
  first: ReadyConfig;
  resources: Resources;
}

async function launch(options: AppOptions, { text, first, resources }: Start): Promise<App> {
  const { clock, logger } = resources;
  const { server: startSettings } = first.source.config;
  const { patience } = options;
  const host = options.host ?? startSettings.host;

  const snapshots = createSnapshots(resources, host);
  let snapshot = await snapshots.build(first);
  let running = first.source.config;
  let configError: string | null = null;
  const calls = createOpenCalls();
  let stopping: { drain: Drain; over: Promise<void> } | null = null;

  const reload = async (changed?: string) => {
    try {
      const latest = changed ?? (await readConfigText(options.configFile));
      // Nobody takes every key and model away with an empty file; somebody is about to write it.
      if (latest.trim() === '') throw new StartError(['The file is empty.']);
      // The address that is bound counts, whatever the file says of it by now (SEC-1).
      const ready = await readyConfig(latest, { ...options, file: options.configFile, host });
      // Calls in flight keep the snapshot that they began with.
      snapshot = await snapshots.build(ready);
      configError = null;
      const { config: after, configHash: hash } = ready.source;
      reportReload(logger, { hash, started: first.source.config, before: running, after });
      running = after;
    } catch (error) {
      configError = error instanceof Error ? error.message : String(error);
      logger.error({}, `The changed config is not valid; the running one stays.\n${configError}`);
    }
  };
  const health = () => ({ configError, draining: stopping !== null });
  const server = createHttpServer({ snapshot: () => snapshot, health, calls, patience });
  const unused = followUnusedConnections(server);
  const url = await listen(server, host, options.port ?? startSettings.port);
  // One after the other: a slow reload must not undo the next one.
  let reloads = Promise.resolve();
  const queueReload = (changed?: string) => {
    reloads = reloads.then(() => reload(changed));
  };
  const prices = watchPrices({
    clock,
    changeAt: () => snapshot.runtime.catalog.pricesChangeAt(),
    reprice() {
      snapshot = snapshots.reprice(snapshot);
      logger.info({}, 'List prices have changed; calls from here on are priced by the new ones');
    },
  });
  const watcher = options.watch ? watchFile(options.configFile, text, queueReload) : null;

  return {
    url,
    reload: queueReload,
    stop() {
      if (stopping !== null) {
        stopping.drain.hurry();
        return stopping.over;
      }
      const { shutdown_grace: graceMs } = running.server;
      const draining = drain(server, { calls, unused, graceMs });
      const close = async () => {
        prices.stop();
        await Promise.all([watcher?.close(), draining.done]);
        await resources.close();
      };
      stopping = { drain: draining, over: close() };
      return stopping.over;
    },
  };
}
