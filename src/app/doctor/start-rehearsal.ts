import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogSource } from '../../catalog/compile.ts';
import { silentLogger } from '../../core/logger.ts';
import { createHttpServer } from '../../server/http-server.ts';
import { createOpenCalls } from '../../server/open-calls.ts';
import type { Bill } from '../../simulator/running-bill.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';
import { listen } from '../listen.ts';
import { openKept, openResources } from '../open-resources.ts';
import { createSnapshots } from '../snapshots.ts';

const HOST = '127.0.0.1';

/** The configured proxy, with a simulator in the place of every provider and a ledger of its own. */
export interface Rehearsal {
  url: string;
  /** What the simulators would charge for. */
  bill(): Bill;
  /** The lines of its ledger so far. */
  ledger(): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Starts it on a free port of this machine; nobody else's ledger, port or provider is touched. */
export async function startRehearsal(source: CatalogSource): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-doctor-'));
  const file = join(folder, 'usage.jsonl');
  // Nobody knows the API keys of which a config has the digest.
  const { api_keys: _, ...open } = source.config;
  const config = { ...open, usage: { ...open.usage, file, durability: 'os' as const } };
  const simulator = await startSimulator();
  const urls = new Map(Object.keys(config.providers).map((name) => [name, simulator.url]));
  const resources = openResources(config, { logger: silentLogger, environment: {} }, openKept);
  const simulators = { urlsFor: async () => urls, close: () => simulator.close() };
  const snapshots = createSnapshots({ ...resources, simulators }, HOST);
  const snapshot = await snapshots.build({ source: { ...source, config }, warnings: [] });
  const calls = createOpenCalls();
  const health = () => ({ configError: null, draining: false, others: () => [] });
  const server = createHttpServer({ snapshot: () => snapshot, health, calls });
  const url = await listen(server, HOST, 0);
  return {
    url,
    bill: simulator.bill,
    async ledger() {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    },
    async stop() {
      await resources.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, simulator.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
