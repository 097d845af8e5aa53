import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { UpstreamClient } from '../upstream/client.ts';
import type { Ledger } from '../usage/ledger.ts';

/** What a call runs against from its first byte to its settlement; a reload makes another one. */
export interface Runtime {
  catalog: Catalog;
  upstream: UpstreamClient;
  ledger: Ledger;
  clock: Clock;
  logger: Logger;
}
