import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { listeningUrl, ROOT, runCli, startCli } from '../support/start-cli.ts';

const EXAMPLE = join(ROOT, 'config.example.yaml');

/** The first call that a newcomer makes. */
const FIRST_CALL = {
  model: 'anthropic/claude-sonnet-4.6:cost',
  messages: [{ role: 'user', content: 'Translate to French: Hello.' }],
};

describe('config.example.yaml', () => {
  test('CLI-3, CFG-10: it is valid, without a warning', async (t) => {
    const { code, stdout, stderr } = await runCli(t, ['check', '--config', EXAMPLE]);
    assert.deepEqual([code, stdout], [0, ''], stdout);
    assert.match(stderr, /is valid/);
  });

  test('CFG-9: it answers on every surface without an account, priced and on the ledger', async (t) => {
    const cwd = await mkdtemp(join(tmpdir(), 'signalbox-'));
    t.after(() => rm(cwd, { recursive: true }));
    const run = startCli(t, ['--config', EXAMPLE, '--port', '0'], { cwd });
    const url = await listeningUrl(run);
    const post = async (path: string, body: object) => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
    const { model, messages } = FIRST_CALL;
    const first = await post('/v1/chat/completions', { ...FIRST_CALL, seed: 7 });
    assert.equal(first.status, 200, first.text);
    assert.match(first.text, /Translate to French: Hello\./);
    assert.equal(first.headers.get('x-signalbox-profile'), 'cost');
    // As the real provider does, the simulated one speaks its own dialect alone.
    assert.match(first.headers.get('x-signalbox-warnings') ?? '', /dropped;field=seed/);
    const others = await Promise.all([
      post('/v1/responses', { model, input: 'Hello.' }),
      post('/v1/messages', { model, max_tokens: 50, messages }),
      post(`/v1beta/models/${model}:generateContent`, {
        contents: [{ parts: [{ text: 'Hello.' }] }],
      }),
      post('/v1/chat/completions', { ...FIRST_CALL, stream: true }),
      post('/v1/embeddings', { model: 'text-embedding-3-small', input: 'Hello.' }),
    ]);
    for (const { status, text } of others) assert.equal(status, 200, text);
    const ledger = await readFile(join(cwd, 'usage', 'usage.jsonl'), 'utf8');
    const lines = ledger
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, 6);
    for (const { cost_nanos_usd, usage_source, provider } of lines) {
      assert.ok(cost_nanos_usd > 0);
      assert.equal(usage_source, 'reported');
      assert.ok(['anthropic', 'openai'].includes(provider));
    }
  });
});
