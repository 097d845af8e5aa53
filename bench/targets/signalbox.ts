import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signalboxConfig } from '../signalbox-config.ts';
import { SIGNALBOX } from '../start-process.ts';
import type { TargetKind } from './target-kind.ts';

/** What clients of a benchmark present. */
export const API_KEY = 'sk-bench-client';

/** Where Signalbox of so many workers writes its ledger. */
export const ledgerIn = (folder: string, workers: number) =>
  join(folder, `usage-${workers}`, 'usage.jsonl');

/** The product, as a user starts it, with a governed configuration. */
export const signalbox: TargetKind = {
  name: 'signalbox',
  async prepare({ folder, upstreamPort, processes: workers }) {
    const file = join(folder, `config-${workers}.yaml`);
    // The ledger lies in a folder of its own, as the default does: the config's folder is watched.
    const ledgerFile = ledgerIn(folder, workers);
    writeFileSync(file, signalboxConfig({ upstreamPort, ledgerFile, workers, apiKey: API_KEY }));
    return { words: [SIGNALBOX, 'serve', '--config', file, '--port', '0'] };
  },
  request: () => ({ path: '/v1/chat/completions' }),
};
