import { type CatalogSource, compileCatalog } from '../catalog/compile.ts';
import { createClientIpReader } from '../server/client-ip.ts';
import type { Snapshot } from '../server/visit.ts';
import type { Resources } from './open-resources.ts';
import type { ReadyConfig } from './read-config.ts';

/** Makes what requests run against, of configs and of the prices that are in force. */
export interface Snapshots {
  build(ready: Pick<ReadyConfig, 'source' | 'warnings'>): Promise<Snapshot>;
  /** The snapshot that was built last, with the list prices of this moment. */
  reprice(snapshot: Snapshot): Snapshot;
}

/** Nothing is built yet; `host` is the address that is bound. */
export function createSnapshots(resources: Resources, host: string): Snapshots {
  const { logger, simulators, restoreLimits, ...shared } = resources;
  let source: CatalogSource | null = null;
  let restored: ReadonlySet<string> = new Set();
  return {
    async build(ready) {
      for (const warning of ready.warnings) logger.warn({}, warning);
      const { config } = ready.source;
      const mockUrls = await simulators.urlsFor(config);
      source = { ...ready.source, mockUrls, at: shared.clock.now() };
      const catalog = compileCatalog(source);
      shared.counters.retain(catalog.limits);
      // A limit that comes with a reload counts what was used before it, as a restart would.
      const added = catalog.limits.filter(({ id }) => !restored.has(id));
      await restoreLimits(added, catalog);
      restored = new Set(catalog.limits.map(({ id }) => id));
      const { max_body, allowed_origins, list_aliases, trust_proxy } = config.server;
      return {
        runtime: {
          ...shared,
          catalog,
          routingSettings: config.routing,
          mediaSettings: config.media,
          logger,
        },
        settings: {
          host,
          maxBodyBytes: max_body,
          allowedOrigins: allowed_origins,
          listAliases: list_aliases,
          clientIp: createClientIpReader(trust_proxy),
        },
      };
    },
    reprice(snapshot) {
      if (source === null) return snapshot;
      source = { ...source, at: shared.clock.now() };
      return { ...snapshot, runtime: { ...snapshot.runtime, catalog: compileCatalog(source) } };
    },
  };
}
