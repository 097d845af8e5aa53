import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signalboxConfig } from '../signalbox-config.ts';
import { SIGNALBOX } from '../start-process.ts';
import type { TargetKind } from './target-kind.ts';

/** What clients of a benchmark present. */
export const API_KEY = 'sk-bench-client';

/** Where Signalbox writes its ledger. */
export const ledgerIn = (folder: string) => join(folder, 'usage', 'usage.jsonl');

/** The product, as a user starts it, with a governed configuration. */
export const signalbox: TargetKind = {
  name: 'signalbox',
  async prepare({ folder, upstreamPort }) {
    const file = join(folder, 'config.yaml');
    // The ledger lies in a folder of its own, as the default does: the config's folder is watched.
    writeFileSync(
      file,
      signalboxConfig({ upstreamPort, ledgerFile: ledgerIn(folder), apiKey: API_KEY }),
    );
    return { words: [SIGNALBOX, 'serve', '--config', file, '--port', '0'] };
  },
  request: () => ({ path: '/v1/chat/completions' }),
};
