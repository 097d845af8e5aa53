import { type Environment, processEnvironment } from '../config/env.ts';
import type { Config } from '../config/schema.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { type CallMeters, createCallMeters } from '../metrics/call-meters.ts';
import { createTokenRatios, type TokenRatios } from '../pipeline/token-ratios.ts';
import { createMemoryCounters, type MemoryCounters } from '../policies/memory-counters.ts';
import { createRoutingState, type RoutingState } from '../routing/routing-state.ts';
import { createKeyVault, type KeyVault } from '../secrets/key-vault.ts';
import { createUpstreamClient, type UpstreamClient } from '../upstream/client.ts';
import { createMediaClient, type MediaClient } from '../upstream/media-client.ts';
import type { CallListener } from '../usage/call-listener.ts';
import { type Ledger, openLedger } from '../usage/ledger.ts';
import { createLedgerHistory, type LedgerHistory } from '../usage/ledger-history.ts';
import { readLastLines } from '../usage/read-last-lines.ts';
import { createLogger, isPrettyFormat } from './create-logger.ts';
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

/** What a proxy holds open from its start to its end; a reload leaves it alone. */
export interface Resources {
  logger: Logger;
  clock: Clock;
  ledger: Ledger;
  history: LedgerHistory;
  /** Where the ledger is; another file in a reloaded config needs a restart. */
  ledgerFile: string;
  meters: CallMeters;
  listeners: readonly CallListener[];
  vault: KeyVault;
  upstream: UpstreamClient;
  media: MediaClient;
  tokenRatios: TokenRatios;
  simulators: Simulators;
  routing: RoutingState;
  counters: MemoryCounters;
  /** Ends every connection, then writes what is pending. */
  close(): Promise<void>;
}

/** Opens what the config that the proxy starts with asks for. */
export function openResources(config: Config, options: ResourceOptions): Resources {
  const { clock = systemClock } = options;
  const level = options.logLevel ?? config.log.level;
  const logger = options.logger ?? createLogger({ level, format: config.log.format });
  const { file, durability, rotate } = config.usage;
  const rotation = { maxBytes: rotate.max_size, every: rotate.every, keep: rotate.keep };
  const ledger = openLedger({ file, durability, rotation, logger, clock });
  const history = createLedgerHistory(
    config.usage.history,
    readLastLines(file, config.usage.history),
  );
  const upstream = createUpstreamClient();
  const { environment = processEnvironment } = options;
  const traces = traceCalls({ environment, upstream, logger });
  const simulators = createSimulators();
  const { window: windowMs, circuit } = config.routing;
  const routing = createRoutingState({ windowMs, circuit, random: Math.random });
  return {
    logger,
    clock,
    ledger,
    history,
    ledgerFile: file,
    meters: createCallMeters(),
    listeners: [...openListeners(config, logger), ...(traces === null ? [] : [traces.add])],
    vault: createKeyVault(clock),
    upstream,
    media: createMediaClient(),
    tokenRatios: createTokenRatios(),
    simulators,
    routing,
    counters: createMemoryCounters(clock),
    async close() {
      await traces?.close();
      await Promise.all([upstream.close(), simulators.close()]);
      await ledger.close();
    },
  };
}

/** Whoever listens costs every call something, so that nobody does who would not tell it. */
function openListeners({ log }: Config, logger: Logger): CallListener[] {
  const isPretty = isPrettyFormat(log.format);
  const isWanted = log.calls === 'auto' ? isPretty : log.calls;
  return isWanted && logger.isLevelEnabled('info') ? [logCalls(logger, isPretty)] : [];
}
