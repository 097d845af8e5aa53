import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { GOLDEN_CONFIG, GOLDEN_TABLE } from '../catalog/golden-table.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startProxy } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

/** The golden config with one more key, which may call everything. */
function goldenConfig(): Record<string, unknown> {
  const config = parse(GOLDEN_CONFIG) as { api_keys: object };
  return { ...config, api_keys: { ...config.api_keys, all: { key: 'all-secret', models: ['*'] } } };
}

const as = (key: string) => ({ authorization: `Bearer ${key}` });

const rows = Object.entries(GOLDEN_TABLE);
const known = rows.flatMap(([model, row]) => (row === null ? [] : [{ asked: model, ...row }]));
const unknown = rows.filter(([, row]) => row === null).map(([model]) => model);

describe('the golden table through real sockets', () => {
  for (const wire of WIRES) {
    const ask = (proxy: Awaited<ReturnType<typeof startProxy>>, model: string) =>
      proxy.post(wire.path(encodeURIComponent(model)), wire.request(model), as('all-secret'));

    test(`RES-1, RES-3: each known model string of the table means the same on ${wire.name}`, async (t) => {
      const proxy = await startProxy(t, goldenConfig());
      for (const { asked, model, profile = 'balanced', discount, pinned } of known) {
        const response = await ask(proxy, asked);
        assert.equal(response.status, 200, asked);
        await response.text();
        assert.equal(response.headers.get('x-signalbox-model'), model);
        assert.equal(response.headers.get('x-signalbox-profile'), profile);
        const [line] = (await proxy.ledger()).slice(-1);
        assert.equal(line?.['requested_model'], asked);
        assert.equal(line?.['model'], model);
        assert.equal(line?.['routing_profile'], profile);
        assert.equal(line?.['discount'], discount);
        assert.equal(line?.routing?.pinned, pinned);
        const provider = discount ? 'garage' : (pinned ?? line?.['provider']);
        assert.equal(line?.['provider'], provider);
      }
    });

    test(`RES-1, RES-3: each unknown one is 404 on ${wire.name}`, async (t) => {
      const proxy = await startProxy(t, goldenConfig());
      for (const asked of unknown) {
        const { status } = await ask(proxy, asked);
        assert.equal(status, 404, asked);
      }
      const codes = (await proxy.ledger()).map((line) => line['error_code']);
      assert.deepEqual(codes, Array(unknown.length).fill('model_not_found'));
    });
  }

  test('RES-4, KEY-3: a variant is granted under its own name, and goes upstream under its slug', async (t) => {
    const proxy = await startProxy(t, goldenConfig());
    const request = { model: 'gpt-4o-clientA:cost', messages: [{ role: 'user', content: 'Hi' }] };
    const refused = await proxy.post('/v1/chat/completions', request, as('base-only-secret'));
    assert.equal(refused.status, 403);
    const answered = await proxy.post('/v1/chat/completions', request, as('variant-only-secret'));
    assert.equal(answered.status, 200);
    assert.equal(answered.headers.get('x-signalbox-model'), 'gpt-4o-clientA');
    assert.equal(((await answered.json()) as { model: string }).model, 'gpt-4o');
    const [denied, line] = await proxy.ledger();
    assert.equal(denied?.['error_code'], 'model_not_allowed');
    assert.equal(denied?.['model'], 'gpt-4o-clientA');
    assert.equal(line?.['model'], 'gpt-4o-clientA');
    assert.equal(line?.['variant_of'], 'gpt-4o');
    assert.equal(line?.['slug'], 'gpt-4o');
  });

  test('RES-2: following an alias is logged at debug, with its name and its model', async (t) => {
    const logger = createRecordingLogger();
    const proxy = await startProxy(t, goldenConfig(), { logger });
    const [chat] = WIRES;
    for (const model of ['fast:cost', 'gpt-4o'])
      await proxy.post('/v1/chat/completions', chat?.request(model), as('all-secret'));
    const logged = logger.entries.filter(({ message }) => message === 'Resolved model alias');
    assert.deepEqual(
      logged.map(({ level, fields }) => [level, fields]),
      [['debug', { alias: 'fast', resolved: 'gpt-4o' }]],
    );
  });

  test('RES-8: the list holds the models and the variant, in the order declared', async (t) => {
    const proxy = await startProxy(t, goldenConfig());
    const response = await fetch(`${proxy.url}/v1/models`, { headers: as('all-secret') });
    const { data } = (await response.json()) as { data: { id: string }[] };
    const names =
      'gpt-4 gpt-4o llama3:8b openai/gpt-4o gemini-2.5-pro moonshotai/kimi-k2.6 gpt-4o-clientA';
    assert.deepEqual(
      data.map(({ id }) => id),
      names.split(' '),
    );
  });
});
