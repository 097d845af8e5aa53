import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import type { App } from '../../src/app/start-app.ts';
import { TOKEN_BUCKETS, type TokenBucket, totalOutput } from '../../src/core/token-usage.ts';
import { BYTES_PER_TOKEN } from '../../src/pipeline/request-size.ts';
import type { Bill } from '../../src/simulator/running-bill.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { startQuietly } from '../support/start-quietly.ts';

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

const SLOW_PROMPT = '[[speed 200]] [[tokens 400]]';
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
    const start = () => startQuietly(configFile);
    await writeConfig(0);
    let app: App = await start();
    t.after(async () => {
      await app.stop();
      await Promise.all(simulators.map((simulator) => simulator.close()));
      await rm(folder, { recursive: true });
    });

    /** Bytes of content that reached the clients that left, by request id. */
    const received = new Map<string, number>();
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
          if (number % ABORT_EVERY === 0) received.set(...(await leaveCall(app.url, number)));
          else await makeCall(app.url, number);
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
      `${lines.length} calls, ${received.size} left by their client, ${charged} nanos charged and on the ledger`,
    );

    const left = lines.filter(({ slug }) => !calm(slug));
    assert.equal(left.length, received.size);
    for (const { request_id, usage_source, error_code, tokens } of left) {
      assert.deepEqual([usage_source, error_code], ['partial', 'client_closed']);
      assert.ok(tokens.out * BYTES_PER_TOKEN >= (received.get(request_id) ?? Infinity));
    }
    // What was under way when the client left is charged too, and nobody here has seen it.
    const seen = left.reduce((sum, { tokens }) => sum + tokens.out, 0);
    const sent = countOutput(bills, (slug) => !calm(slug));
    assert.ok(seen <= sent);
    t.diagnostic(`left: ${seen} output tokens on the ledger, ${sent} sent`);
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

/** Makes one call to its end. */
async function makeCall(url: string, number: number): Promise<void> {
  const kind = number % 5 === 0 ? 'translated' : 'm';
  const content = PROMPTS[number % PROMPTS.length];
  const response = await post(url, number, {
    model: `${kind}-${number % 7}`,
    stream: number % 2 === 0,
    content,
  });
  assert.equal(response.status, 200, await response.clone().text());
  await response.arrayBuffer();
}

/** Leaves a call behind its first words; its request id, and how many bytes of content it got. */
async function leaveCall(url: string, number: number): Promise<[id: string, bytes: number]> {
  const leaving = new AbortController();
  const call = { model: `left-${number % 7}`, stream: true, content: SLOW_PROMPT };
  const response = await post(url, number, call, leaving.signal);
  const { value = '' } = (await response.body
    ?.pipeThrough(new TextDecoderStream())
    .getReader()
    .read()) ?? { value: '' };
  leaving.abort();
  const texts = [...value.matchAll(/"(?:content|text)":"([^"]*)"/g)].map(([, text = '']) => text);
  return [response.headers.get('x-request-id') ?? '', Buffer.byteLength(texts.join(''))];
}

function post(
  url: string,
  number: number,
  { content, ...call }: { model: string; stream: boolean; content: string | undefined },
  signal?: AbortSignal,
): Promise<Response> {
  const body = { ...call, messages: [{ role: 'user', content }], max_tokens: 500 };
  return fetch(url + (number % 3 === 0 ? '/v1/messages' : '/v1/chat/completions'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
}

function countOutput(bills: readonly Bill[], isMeant: (slug: string) => boolean): number {
  return bills
    .flatMap(({ byModel }) => Object.entries(byModel))
    .filter(([slug]) => isMeant(slug))
    .reduce((sum, [, { usage }]) => sum + totalOutput(usage.tokens), 0);
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
