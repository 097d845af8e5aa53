import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { CallMeters } from '../metrics/call-meters.ts';
import type { CounterStore } from '../policies/counters.ts';
import type { RoutingState } from '../routing/routing-state.ts';
import type { KeyVault } from '../secrets/key-vault.ts';
import type { UpstreamClient } from '../upstream/client.ts';
import type { MediaClient } from '../upstream/media-client.ts';
import type { CallListener } from '../usage/call-listener.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { LedgerHistory } from '../usage/ledger-history.ts';
import type { TokenRatios } from './token-ratios.ts';

/** What a call runs against from its first byte to its settlement; a reload makes another one. */
export interface Runtime {
  catalog: Catalog;
  /** The `routing` block of the config. */
  routingSettings: Config['routing'];
  /** The `media` block of the config. */
  mediaSettings: Config['media'];
  /** What was measured; a reload keeps it. */
  routing: RoutingState;
  /** What limits have counted; a reload keeps it. */
  counters: CounterStore;
  /** Opens encrypted provider keys; a reload keeps what it remembers. */
  vault: KeyVault;
  upstream: UpstreamClient;
  media: MediaClient;
  ledger: Ledger;
  /** Where the ledger is. */
  ledgerFile: string;
  /** The newest lines of the ledger; a reload keeps them. */
  history: LedgerHistory;
  /** What `/metrics` tells of calls; a reload keeps it. */
  meters: CallMeters;
  /** What usage has told of tokens; a reload keeps it. */
  tokenRatios: TokenRatios;
  /** Who else is told of each call when it settles; a reload keeps them. */
  listeners: readonly CallListener[];
  clock: Clock;
  logger: Logger;
}

/** What the choice of endpoints looks at; `explain` has it without a running proxy. */
export type RoutingView = Pick<Runtime, 'catalog' | 'routingSettings' | 'routing' | 'clock'>;
