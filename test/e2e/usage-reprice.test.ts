import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { runCli } from '../cli/run-cli.ts';
import { startProxy } from '../support/start-proxy.ts';

function configOf(inputPrice: string, discount = 0) {
  return {
    providers: { sim: { type: 'MOCK', discount_percent: discount } },
    models: {
      dear: {
        provider: 'sim',
        pricing: {
          input: { text_cost_per_1k_tokens: inputPrice },
          output: { text_cost_per_1k_tokens: '0.000123' },
          units: { character_1k: '0.015' },
          tiers: [{ above_input_tokens: 50, input: { text_cost_per_1k_tokens: '0.5' } }],
        },
      },
      unknown: { provider: 'sim' },
      'any-*': {
        provider: 'sim',
        slug: '*',
        pricing: { embeddings_cost_per_1k_tokens: '0.02', input: { text_cost_per_1k_tokens: '9' } },
      },
    },
  };
}

const messages = (content: string) => ({ messages: [{ role: 'user', content }] });

/** A ledger with calls of many kinds. */
async function ledgerOf(t: TestContext) {
  const proxy = await startProxy(t, configOf('0.001'));
  const calls: [path: string, body: Record<string, unknown>][] = [
    ['/v1/chat/completions', { model: 'dear', ...messages('Hi.') }],
    ['/v1/chat/completions', { model: 'dear', ...messages('Hi.'), stream: true }],
    ['/v1/messages', { model: 'dear', max_tokens: 9, ...messages('long '.repeat(200)) }],
    ['/v1/chat/completions', { model: 'unknown', ...messages('Hi.') }],
    ['/v1/embeddings', { model: 'any-thing', input: 'Some text to embed.' }],
    ['/v1/audio/speech', { model: 'dear', input: 'A lighthouse.', voice: 'alloy' }],
    ['/v1/messages/count_tokens', { model: 'dear', ...messages('Hi.') }],
    ['/v1/chat/completions', { model: 'missing', ...messages('Hi.') }],
    ['/v1/chat/completions', { model: 'dear', ...messages('[[fault status=503]]') }],
  ];
  for (const [path, body] of calls) await (await proxy.post(path, body)).arrayBuffer();
  const folder = dirname(proxy.ledgerFile);
  const reprice = async (config: Record<string, unknown>, ...words: string[]) => {
    const usage = { file: proxy.ledgerFile };
    await writeFile(join(folder, 'today.yaml'), stringify({ usage, ...config }));
    const all = ['usage', 'reprice', '--config', 'today.yaml', ...words];
    return runCli(all, { cwd: folder });
  };
  return { folder, file: proxy.ledgerFile, count: calls.length, reprice };
}

describe('signalbox usage reprice (CLI-6)', () => {
  test('the prices of the calls themselves give the very bytes of the ledger', async (t) => {
    const { folder, file, count, reprice } = await ledgerOf(t);
    const { code, stdout, stderr } = await reprice(configOf('0.001'), '--write', 'out.jsonl');
    assert.equal(code, 0, stderr);
    const ledger = await readFile(file, 'utf8');
    assert.equal(ledger.split('\n').length - 1, count);
    assert.match(ledger, /"units":\{"character":13\}/);
    assert.equal(await readFile(join(folder, 'out.jsonl'), 'utf8'), ledger);
    assert.match(stdout, /^total +9 .* 0 +0\.0/m);

    const again = await reprice(configOf('0.001'), '--write', 'out.jsonl');
    assert.equal(again.code, 1);
    assert.match(again.stderr, /out\.jsonl exists already/);
    for (const part of [file, join(folder, 'usage.2026-11-28.0001.jsonl')]) {
      const over = await reprice(configOf('0.001'), '--write', part);
      assert.equal(over.code, 1);
      assert.match(over.stderr, /would be a part of the ledger/);
    }
    assert.equal(await readFile(file, 'utf8'), ledger);
  });

  test('new prices, tiers and discounts bill the recorded tokens exactly', async (t) => {
    const { folder, file, reprice } = await ledgerOf(t);
    const { stdout } = await reprice(configOf('0.002', 50), '--write', 'out.jsonl');
    const read = async (path: string) =>
      (await readFile(path, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const [before, after] = [await read(file), await read(join(folder, 'out.jsonl'))];
    const { tokens } = before[0];
    assert.deepEqual(after[0].billing, {
      input_text: tokens.input_text * 1_000,
      output_text: Math.floor((tokens.output_text * 123_000 * 50 + 50_000) / 100_000),
    });
    for (const [index, line] of after.entries()) {
      const { cost_nanos_usd, billing, ...rest } = line;
      const { cost_nanos_usd: old, billing: oldBilling, ...oldRest } = before[index];
      assert.deepEqual(rest, oldRest);
      const sum = Object.values<number>(billing ?? {}).reduce((all, nanos) => all + nanos, 0);
      if (cost_nanos_usd !== null) assert.equal(cost_nanos_usd, sum);
      else assert.equal(old, null);
    }
    assert.match(stdout, /^unknown +1 +0 +0 +0 +0\.0 +1/m);
  });

  test('what got a price counts apart, and what the config lost keeps its cost', async (t) => {
    const { reprice } = await ledgerOf(t);
    const { models, ...config } = configOf('0.001');
    const priced = {
      ...models.unknown,
      pricing: {
        input: { text_cost_per_1k_tokens: '1' },
        output: { text_cost_per_1k_tokens: '1' },
      },
    };
    const { stdout, stderr } = await reprice({ ...config, models: { unknown: priced } });
    assert.equal(stderr, '');
    assert.match(stdout, /newly priced \$ +calls +not in config/);
    assert.match(stdout, /^unknown +1 +0 +0 +0 +0\.0 +0\.\d+ +1 *$/m);
    assert.match(stdout, /^dear .* 0 +0\.0 .* \d+$/m);
  });
});
