import { createHttpServer, type Patience } from '../server/http-server.ts';
import { createOpenCalls } from '../server/open-calls.ts';
import type { WorkerCommand } from '../workers/worker-process.ts';
import { countWorkers } from './count-workers.ts';
import { isPrettyFormat } from './create-logger.ts';
import { type Door, openDoor } from './door.ts';
import { openLiveConfig, type Start } from './live-config.ts';
import { openKept, openResources, type ResourceOptions } from './open-resources.ts';
import { readConfigText, readyConfig } from './read-config.ts';

export type { WorkerCommand };

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
  /** How `server.workers` are started; without it this process answers all calls itself. */
  workerCommand?: WorkerCommand | undefined;
}

/** A running proxy. */
export interface App {
  url: string;
  /** The names that clients can ask for, without those of aliases. */
  models: readonly string[];
  /** The log is written for people rather than for programs. */
  isPretty: boolean;
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
  const resources = openResources(first.source.config, options, openKept);
  const host = options.host ?? first.source.config.server.host;
  try {
    return await launch({ options, text, first, resources, host });
  } catch (error) {
    // Open handles would keep the failed process alive.
    await resources.close();
    throw error;
  }
}

/** A proxy that keeps in this process what there must be one of. */
export type OwnerStart = Start<ReturnType<typeof openResources<ReturnType<typeof openKept>>>>;

async function launch(start: OwnerStart): Promise<App> {
  const { options, first, resources, host } = start;
  const { port, workers } = first.source.config.server;
  const live = await openLiveConfig(start);
  const calls = createOpenCalls();
  let door: Door | null = null;
  let stopping: { hurry(): void; over: Promise<void> } | null = null;

  const health = () => ({
    configError: live.error(),
    draining: stopping !== null,
    others: () => door?.others() ?? [],
  });
  const { patience } = options;
  const server = createHttpServer({ snapshot: live.snapshot, health, calls, patience });
  const parts = { server, calls, host, port: options.port ?? port };
  const size = options.workerCommand === undefined ? 1 : countWorkers(workers);
  const open = size === 1 ? openDoor : (await import('./open-fleet.ts')).openFleet(start, size);
  const opened = await open(parts, live);
  door = opened;
  live.follow(opened.change);

  return {
    url: opened.url,
    models: [...live.snapshot().runtime.catalog.models.keys()],
    isPretty: isPrettyFormat(first.source.config.log.format),
    reload: () => live.reload(),
    stop() {
      if (stopping !== null) {
        stopping.hurry();
        return stopping.over;
      }
      const draining = opened.drain(live.graceMs());
      const close = async () => {
        await Promise.all([live.stop(), draining.done]);
        await resources.close();
      };
      stopping = { hurry: draining.hurry, over: close() };
      return stopping.over;
    },
  };
}
