import { readProcessFigures } from '../metrics/process-families.ts';
import { type Drain, drain } from '../server/drain.ts';
import { createForward } from '../server/forward-page.ts';
import { createHttpServer } from '../server/http-server.ts';
import { createOpenCalls } from '../server/open-calls.ts';
import { followUnusedConnections } from '../server/unused-connections.ts';
import type { Snapshot } from '../server/visit.ts';
import type { Link } from '../workers/link.ts';
import type {
  ConfigText,
  OwnerOperations,
  Started,
  StartOrder,
  WorkerOperations,
} from '../workers/operations.ts';
import { linkToOwner } from '../workers/worker-process.ts';
import { listen } from './listen.ts';
import { openRemote } from './open-remote.ts';
import { openResources } from './open-resources.ts';
import { removePagesSocket } from './pages-socket.ts';
import { readyConfig } from './read-config.ts';
import { createSnapshots } from './snapshots.ts';
import { StartError } from './start-error.ts';
import { watchPrices } from './watch-prices.ts';

/** What a worker is told on its command line; the rest comes from its owner. */
export interface WorkerOptions {
  configFile: string;
  logLevel?: string | undefined;
  allowOpen: boolean;
}

/** Waits for its owner's orders, and answers calls on them until the owner goes or says so. */
export function startWorker(options: WorkerOptions): void {
  let working: Working | null = null;
  // One after the other: a reload can come while the start is still under way.
  let orders: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = orders.then(act);
    orders = result.catch(() => {});
    return result;
  };
  const operations: WorkerOperations = {
    start: (order) =>
      inTurn(async () => {
        try {
          working = await begin(options, order, owner);
          return working.started;
        } catch (error) {
          if (!(error instanceof StartError)) throw error;
          return { problems: error.lines };
        }
      }),
    reload: (config) => inTurn(async () => working?.reload(config)),
    drain: (graceMs) => working?.drain(graceMs),
    hurry: () => working?.hurry(),
    figures: readProcessFigures,
    measured: (measured) => working?.remote.routing.learn(measured),
    circuit: ({ trustKey, view }) => working?.remote.routing.show(trustKey, view),
    watched: (model) => working?.remote.tokenRatios.watch(model),
    weighed: (weighed) => working?.remote.tokenRatios.learn(weighed),
    refuses: (refuses) => working?.remote.ledger.setRefuses(refuses),
  };
  const owner = linkToOwner(operations);
  owner.tell('hello', null);
}

/** A worker that answers calls. */
interface Working {
  started: Started;
  remote: ReturnType<typeof openRemote>;
  reload(config: ConfigText): Promise<void>;
  drain(graceMs: number): Promise<void>;
  hurry(): void;
}

async function begin(
  options: WorkerOptions,
  { config: text, host, port, pages, refuses }: StartOrder,
  owner: Link<OwnerOperations>,
): Promise<Working> {
  let mockUrls = new Map(text.mockUrls);
  const first = await read(options, text, host);
  const resources = openResources(first.source.config, options, (place) =>
    openRemote(owner, { ...place, mockUrls: () => mockUrls }),
  );
  resources.ledger.setRefuses(refuses);
  const snapshots = createSnapshots(resources, host);
  let snapshot: Snapshot = await snapshots.build(first);
  const calls = createOpenCalls();
  let draining: Drain | null = null;

  const health = () => ({ configError: null, draining: draining !== null, others: () => [] });
  const forward = createForward(pages);
  process.on('exit', () => {
    // An owner that was killed could not do it.
    if (!process.connected) removePagesSocket(pages);
  });
  const server = createHttpServer({ snapshot: () => snapshot, health, calls, forward });
  const unused = followUnusedConnections(server);
  const prices = watchPrices({
    clock: resources.clock,
    changeAt: () => snapshot.runtime.catalog.pricesChangeAt(),
    reprice() {
      snapshot = snapshots.reprice(snapshot);
    },
  });
  return {
    started: { url: await listen(server, host, port) },
    remote: resources,
    async reload(changed) {
      const ready = await read(options, changed, host);
      mockUrls = new Map(changed.mockUrls);
      snapshot = await snapshots.build(ready);
    },
    async drain(graceMs) {
      draining ??= drain(server, { calls, unused, graceMs });
      prices.stop();
      await draining.done;
      await resources.close();
    },
    hurry: () => draining?.hurry(),
  };
}

/** The owner has found it valid, and has told its warnings. */
async function read(options: WorkerOptions, { text, prices }: ConfigText, host: string) {
  const { configFile: file, allowOpen } = options;
  const ready = await readyConfig(text, { file, allowOpen, host, readPrices: async () => prices });
  return { ...ready, warnings: [] };
}
