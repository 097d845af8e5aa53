import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { stringify } from 'yaml';
import type { AppOptions } from '../../src/app/start-app.ts';
import { startQuietly } from './start-quietly.ts';

/** One line of the ledger, as read back. */
export type LedgerLine = Record<string, unknown> & {
  tokens?: Record<string, number>;
  billing?: Record<string, number>;
  routing?: { pinned?: string; attempts?: Record<string, unknown>[] };
};

/** A proxy on a free port with a ledger of its own; everything is gone after the test. */
export async function startProxy(
  t: TestContext,
  config: string | Record<string, unknown>,
  options: Partial<AppOptions> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  const configFile = join(folder, 'config.yaml');
  const ledgerFile = join(folder, 'usage.jsonl');
  const text =
    typeof config === 'string' ? config : stringify({ usage: { file: ledgerFile }, ...config });
  await writeFile(configFile, text);
  const app = await startQuietly(configFile, options);
  t.after(async () => {
    await app.stop();
    await rm(folder, { recursive: true });
  });
  return {
    url: app.url,
    configFile,
    ledgerFile,
    /** Has it read its config file again, as SIGHUP does. */
    reload: () => app.reload(),
    /** Every line of the ledger so far. */
    async ledger(): Promise<LedgerLine[]> {
      const lines = await readFile(ledgerFile, 'utf8').catch(() => '');
      return lines
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
    /** Posts JSON (or a body given as text) and returns the response. */
    post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
      return fetch(app.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    },
  };
}

/** A config with one provider at that URL, and one model `m` whose slug is `slug-1`. */
export function oneModelConfig(baseUrl: string, type = 'CUSTOM'): Record<string, unknown> {
  const price = {
    input: { text_cost_per_1k_tokens: 0.001 },
    output: { text_cost_per_1k_tokens: 0.002 },
  };
  const dialects = [
    'openai-chat',
    'openai-responses',
    'anthropic-messages',
    'google-generate-content',
  ];
  return {
    providers: {
      up: {
        type,
        base_url: baseUrl,
        keys: { main: 'sk-upstream-secret-0001' },
        ...(type === 'CUSTOM' ? { config: { dialects } } : {}),
      },
    },
    models: { m: { provider: 'up', slug: 'slug-1', pricing: price } },
  };
}
