import { compileCatalog } from '../catalog/compile.ts';
import type { Environment } from '../config/env.ts';
import { watchFile } from '../config/watch.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { createRoutingState } from '../routing/routing-state.ts';
import { createClientIpReader } from '../server/client-ip.ts';
import { drain } from '../server/drain.ts';
import { createHttpServer, type Snapshot } from '../server/http-server.ts';
import { createUpstreamClient } from '../upstream/client.ts';
import { openLedger } from '../usage/ledger.ts';
import { createLogger } from './create-logger.ts';
import { listen } from './listen.ts';
import { type ReadyConfig, readConfigText, readyConfig } from './read-config.ts';
import { createSimulators } from './simulators.ts';
import { StartError } from './start-error.ts';

/** How the proxy is started. */
export interface AppOptions {
  configFile: string;
  /** In place of `server.host`, `server.port` and `log.level`. */
  host?: string | undefined;
  port?: number | undefined;
  logLevel?: string | undefined;
  /** Reload the file when it changes. */
  watch: boolean;
  /** Listen beyond loopback although nobody needs a key (SEC-1). */
  allowOpen: boolean;
  environment?: Environment | undefined;
  clock?: Clock;
  logger?: Logger;
}

/** A running proxy. */
export interface App {
  url: string;
  /** Reads the config file again, as if it had changed (REL-1). */
  reload(): void;
  /** Lets calls finish up to the grace, cuts the rest, settles all and closes everything. */
  stop(): Promise<void>;
}

/** Starts the proxy; throws a StartError that tells everything that is in the way. */
export async function startApp(options: AppOptions): Promise<App> {
  const text = await readConfigText(options.configFile);
  const rules = { ...options, file: options.configFile };
  const first = await readyConfig(text, rules);
  const { config } = first.source;
  const host = options.host ?? config.server.host;
  const logger =
    options.logger ??
    createLogger({ level: options.logLevel ?? config.log.level, format: config.log.format });
  const { clock = systemClock } = options;
  const ledger = openLedger({ ...config.usage, logger, clock });
  const upstream = createUpstreamClient();
  const simulators = createSimulators();
  const { window: windowMs, circuit } = config.routing;
  const routing = createRoutingState({ windowMs, circuit, random: Math.random });

  const build = async ({ source, warnings }: ReadyConfig): Promise<Snapshot> => {
    for (const warning of warnings) logger.warn({}, warning);
    const catalog = compileCatalog({
      ...source,
      mockUrls: await simulators.urlsFor(source.config),
    });
    const { max_body, allowed_origins, list_aliases, trust_proxy } = source.config.server;
    return {
      runtime: { catalog, rules: source.config.routing, routing, upstream, ledger, clock, logger },
      settings: {
        host,
        maxBodyBytes: max_body,
        allowedOrigins: allowed_origins,
        listAliases: list_aliases,
        clientIp: createClientIpReader(trust_proxy),
      },
    };
  };
  let snapshot = await build(first);
  let configError: string | null = null;
  let draining = false;

  const reload = async (changed?: string) => {
    try {
      const latest = changed ?? (await readConfigText(options.configFile));
      // Calls in flight keep the snapshot that they began with.
      snapshot = await build(await readyConfig(latest, rules));
      configError = null;
      logger.info({ config: snapshot.runtime.catalog.configHash }, 'Config reloaded');
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      configError = error.message;
      logger.error({}, `The changed config is not valid; the running one stays.\n${configError}`);
    }
  };
  const server = createHttpServer({
    snapshot: () => snapshot,
    health: () => ({ configError, draining }),
  });
  const url = await listen(server, host, options.port ?? config.server.port);
  const watcher = options.watch
    ? watchFile(options.configFile, text, (changed) => void reload(changed))
    : null;

  return {
    url,
    reload: () => void reload(),
    async stop() {
      draining = true;
      await watcher?.close();
      await drain(server, config.server.shutdown_grace);
      await Promise.all([upstream.close(), simulators.close()]);
      await ledger.close();
    },
  };
}
