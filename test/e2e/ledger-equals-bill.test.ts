import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { type App, startApp } from '../../src/app/start-app.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { TOKEN_BUCKETS, type TokenBucket } from '../../src/core/token-usage.ts';
import type { Bill } from '../../src/simulator/running-bill.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';

/** The long form: SIGNALBOX_BILL_CALLS=100000 node --import tsx --test test/e2e/ledger-equals-bill.test.ts */
const CALLS = Number(process.env['SIGNALBOX_BILL_CALLS'] ?? 300);
const RESTARTS = 3;
const RELOADS = 12;
const CLIENTS = 8;
/** One in so many clients leaves in the middle of a stream. */
const ABORT_EVERY = 15;

/** Nanos per token: whole, so that a sum of many calls is rounded nowhere. */
const NANOS: Partial<Record<TokenBucket, bigint>> = {
  inText: 1_000n,
  cacheReadText: 100n,
  cacheWrite5m: 1_250n,
  outText: 3_000n,
  reasoning: 5_000n,
};

const PRICING = {
  input: { text_cost_per_1k_tokens: '0.001' },
  output: { text_cost_per_1k_tokens: '0.003', reasoning_cost_per_1k_tokens: '0.005' },
  cache_read_cost_per_1k_tokens: '0.0001',
  cache_write_5m_cost_per_1k_tokens: '0.00125',
};

const DIALECTS = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'google-generate-content',
];

const PROMPTS = ['Hi.', 'Tell me more. '.repeat(40), '[[tokens 50]]', '[[tool weather {"a":1}]]'];

describe('the ledger and the bill', () => {
  test(`LED-6 MON-2: ${CALLS} calls cost on the ledger what the upstreams charged`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    // Every third call of the first fails, so that the second is billed for it.
    const simulators = await Promise.all([
      startSimulator({
        faults: { status: 503, every: 3, truncate: false, errorIn200: false, hang: false },
      }),
      startSimulator(),
      startSimulator(),
    ]);
    const configFile = join(folder, 'config.yaml');
    const ledgerFile = join(folder, 'usage.jsonl');
    const writeConfig = (version: number) =>
      writeFile(
        configFile,
        stringify(
          configOf(
            simulators.map(({ url }) => url),
            { ledgerFile, version },
          ),
        ),
      );
    const start = () =>
      startApp({
        configFile,
        port: 0,
        watch: false,
        allowOpen: false,
        environment: {},
        logger: silentLogger,
      });
    await writeConfig(0);
    let app: App = await start();
    t.after(async () => {
      await app.stop();
      await Promise.all(simulators.map((simulator) => simulator.close()));
      await rm(folder, { recursive: true });
    });

    let aborted = 0;
    const parts = RESTARTS + 1;
    for (let part = 0; part < parts; part += 1) {
      const from = Math.floor((CALLS * part) / parts);
      const to = Math.floor((CALLS * (part + 1)) / parts);
      let next = from;
      const reloadEvery = Math.max(1, Math.floor(CALLS / RELOADS));
      const work = async () => {
        while (next < to) {
          const number = next++;
          if (number % reloadEvery === 0) {
            await writeConfig(number);
            app.reload();
          }
          if (await makeCall(app.url, number)) aborted += 1;
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, work));
      await app.stop();
      app = await start();
    }

    const lines = (await readFile(ledgerFile, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, CALLS);
    assert.equal(new Set(lines.map(({ request_id }) => request_id)).size, CALLS);
    assert.ok(lines.some(({ routing }) => routing.attempts.length > 1));
    assert.ok(new Set(lines.map(({ config_hash }) => config_hash)).size > RELOADS / 2);
    const sumOf = (isMeant: (slug: string) => boolean) =>
      lines
        .filter(({ slug }) => isMeant(slug))
        .reduce((sum, { cost_nanos_usd: nanos }) => sum + BigInt(nanos), 0n);
    const bills = simulators.map((simulator) => simulator.bill());
    const calm = (slug: string) => !slug.startsWith('left-');
    const charged = priceBills(bills, calm);
    assert.equal(sumOf(calm), charged);
    t.diagnostic(
      `${lines.length} calls, ${aborted} left by their client, ${charged} nanos charged and on the ledger`,
    );
    const left = (slug: string) => slug.startsWith('left-');
    t.diagnostic(`left: ${sumOf(left)} on the ledger, ${priceBills(bills, left)} charged`);
  });
});

function configOf(
  urls: readonly string[],
  { ledgerFile, version }: { ledgerFile: string; version: number },
) {
  const provider = (url: string | undefined, dialects = DIALECTS) => ({
    type: 'CUSTOM',
    base_url: url,
    keys: { main: 'sk-upstream-secret-0001' },
    config: { dialects },
  });
  return {
    server: { shutdown_grace: '5s' },
    usage: { file: ledgerFile },
    providers: {
      shaky: provider(urls[0]),
      steady: provider(urls[1]),
      other: provider(urls[2], ['anthropic-messages']),
    },
    models: {
      'm-*': {
        endpoints: [
          { provider: 'shaky', slug: 'm-*' },
          { provider: 'steady', slug: 'm-*' },
        ],
        pricing: PRICING,
      },
      'translated-*': { provider: 'other', slug: 'translated-*', pricing: PRICING },
      'left-*': { provider: 'steady', slug: 'left-*', pricing: PRICING },
    },
    model_alias: { [`version-${version}`]: 'm-1' },
  };
}

/** Makes one call to its end, unless it is one that is left; tells which. */
async function makeCall(url: string, number: number): Promise<boolean> {
  const isLeft = number % ABORT_EVERY === 0;
  const kind = isLeft ? 'left' : number % 5 === 0 ? 'translated' : 'm';
  const isStream = isLeft || number % 2 === 0;
  const content = isLeft ? '[[speed 200]] [[tokens 400]]' : PROMPTS[number % PROMPTS.length];
  const model = `${kind}-${number % 7}`;
  const messages = [{ role: 'user', content }];
  const body = { model, stream: isStream, messages, max_tokens: 500 };
  const path = number % 3 === 0 ? '/v1/messages' : '/v1/chat/completions';
  const leaving = new AbortController();
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: leaving.signal,
  });
  if (!isLeft) {
    assert.equal(response.status, 200, await response.clone().text());
    await response.arrayBuffer();
    return false;
  }
  const reader = response.body?.getReader();
  await reader?.read();
  leaving.abort();
  return true;
}

function priceBills(bills: readonly Bill[], isMeant: (slug: string) => boolean): bigint {
  let nanos = 0n;
  for (const [slug, { usage }] of bills.flatMap(({ byModel }) => Object.entries(byModel))) {
    if (!isMeant(slug)) continue;
    for (const bucket of TOKEN_BUCKETS) {
      const price = NANOS[bucket];
      if (usage.tokens[bucket] === 0) continue;
      assert.ok(price !== undefined, `${bucket} has no price in this test`);
      nanos += price * BigInt(usage.tokens[bucket]);
    }
  }
  return nanos;
}
