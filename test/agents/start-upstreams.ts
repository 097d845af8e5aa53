import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { DIALECT_IDS } from '../support/dialect-upstreams.ts';
import { recordRequests } from '../support/record-requests.ts';
import { startQuietly } from '../support/start-quietly.ts';

/** A proxy with one model for each dialect, `only-…`, on a provider that speaks nothing else. */
export async function startUpstreams() {
  const simulator = await startSimulator();
  const recorder = await recordRequests(simulator.url);
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-agents-'));
  const configFile = join(folder, 'config.yaml');
  const ofEach = <T>(make: (dialect: DialectId) => T, prefix = '') =>
    Object.fromEntries(DIALECT_IDS.map((dialect) => [prefix + dialect, make(dialect)]));
  const config = {
    usage: { file: join(folder, 'usage.jsonl') },
    providers: ofEach((dialect) => ({
      type: 'CUSTOM',
      base_url: recorder.url,
      keys: { default: 'sk-simulated' },
      config: { dialects: [dialect] },
    })),
    models: ofEach((provider) => ({ provider, slug: 'sim', pricing: 'none' }), 'only-'),
  };
  await writeFile(configFile, stringify(config));
  const app = await startQuietly(configFile);
  return {
    url: app.url,
    takeBodies: recorder.take,
    async stop() {
      await app.stop();
      recorder.close();
      await simulator.close();
      await rm(folder, { recursive: true });
    },
  };
}
