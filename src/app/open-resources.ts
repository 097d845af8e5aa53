import type { Catalog } from '../catalog/catalog.ts';
import { type Environment, processEnvironment } from '../config/env.ts';
import type { Config } from '../config/schema.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { type CallMeters, createCallMeters } from '../metrics/call-meters.ts';
import { createTokenRatios, type TokenRatios } from '../pipeline/token-ratios.ts';
import type { CounterStore } from '../policies/counters.ts';
import type { Limit } from '../policies/limit.ts';
import { createMemoryCounters } from '../policies/memory-counters.ts';
import { createRoutingState, type RoutingState } from '../routing/routing-state.ts';
import { createKeyVault, type KeyVault } from '../secrets/key-vault.ts';
import { createUpstreamClient, type UpstreamClient } from '../upstream/client.ts';
import { createMediaClient, type MediaClient } from '../upstream/media-client.ts';
import type { CallListener } from '../usage/call-listener.ts';
import { type Ledger, openLedger } from '../usage/ledger.ts';
import { createLedgerHistory, type LedgerHistory } from '../usage/ledger-history.ts';
import { readLastLines } from '../usage/read-last-lines.ts';
import { createLogger, isPrettyFormat } from './create-logger.ts';
import { createLimitRestorer } from './limit-restorer.ts';
import { logCalls } from './log-calls.ts';
import { createSimulators, type Simulators } from './simulators.ts';
import { traceCalls } from './trace-calls.ts';

/** What tests hand in, and the command line wants otherwise. */
export interface ResourceOptions {
  /** In place of `log.level`. */
  logLevel?: string | undefined;
  logger?: Logger;
  clock?: Clock;
  /** Default: this process's. It names the collector of traces. */
  environment?: Environment | undefined;
}

/** What there must be one of, however many processes answer calls. */
export interface KeptResources {
  ledger: Ledger;
  history: LedgerHistory;
  meters: CallMeters;
  tokenRatios: TokenRatios;
  simulators: Simulators;
  routing: RoutingState;
  counters: CounterStore;
  /** Counts what the ledger knows of limits that were not there before. */
  restoreLimits(limits: readonly Limit[], catalog: Catalog): Promise<void>;
}

/** What a proxy holds open from its start to its end; a reload leaves it alone. */
export interface Resources extends KeptResources {
  logger: Logger;
  clock: Clock;
  /** Where the ledger is; another file in a reloaded config needs a restart. */
  ledgerFile: string;
  listeners: readonly CallListener[];
  vault: KeyVault;
  upstream: UpstreamClient;
  media: MediaClient;
  /** Ends every connection, then writes what is pending. */
  close(): Promise<void>;
}

/** What is there before anything is opened. */
export interface ResourcePlace {
  config: Config;
  clock: Clock;
  logger: Logger;
}

/** Opens what the config that the proxy starts with asks for, beside what somebody else keeps for it. */
export function openResources<Kept extends KeptResources>(
  config: Config,
  options: ResourceOptions,
  open: (place: ResourcePlace) => Kept,
): Kept & Omit<Resources, keyof KeptResources> {
  const { clock = systemClock } = options;
  const level = options.logLevel ?? config.log.level;
  const logger = options.logger ?? createLogger({ level, format: config.log.format });
  const kept = open({ config, clock, logger });
  const upstream = createUpstreamClient();
  const { environment = processEnvironment } = options;
  const traces = traceCalls({ environment, upstream, logger });
  return {
    ...kept,
    logger,
    clock,
    ledgerFile: config.usage.file,
    listeners: [...openListeners(config, logger), ...(traces === null ? [] : [traces.add])],
    vault: createKeyVault(clock),
    upstream,
    media: createMediaClient(),
    async close() {
      await traces?.close();
      await Promise.all([upstream.close(), kept.simulators.close()]);
      await kept.ledger.close();
    },
  };
}

/** Opens what one process keeps, for itself or for all that answer calls. */
export function openKept({ config, clock, logger }: ResourcePlace) {
  const { file, durability, rotate, history } = config.usage;
  const rotation = { maxBytes: rotate.max_size, every: rotate.every, keep: rotate.keep };
  const { window: windowMs, circuit } = config.routing;
  const counters = createMemoryCounters(clock);
  const ledger = openLedger({ file, durability, rotation, logger, clock });
  const limits = createLimitRestorer({ file, counters, clock, logger });
  return {
    ledger: {
      ...ledger,
      append(lines: string, count?: number) {
        const written = ledger.append(lines, count);
        limits.appended(lines, written);
        return written;
      },
    },
    history: createLedgerHistory(history, readLastLines(file, history)),
    meters: createCallMeters(),
    tokenRatios: createTokenRatios(),
    simulators: createSimulators(),
    routing: createRoutingState({ windowMs, circuit, random: Math.random }),
    counters,
    restoreLimits: limits.restore,
  };
}

/** Whoever listens costs every call something, so that nobody does who would not tell it. */
function openListeners({ log }: Config, logger: Logger): CallListener[] {
  const isPretty = isPrettyFormat(log.format);
  const isWanted = log.calls === 'auto' ? isPretty : log.calls;
  return isWanted && logger.isLevelEnabled('info') ? [logCalls(logger, isPretty)] : [];
}
