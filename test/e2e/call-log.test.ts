import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeCall } from '../../src/app/log-calls.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const PRICE = {
  input: { text_cost_per_1k_tokens: 0.001 },
  output: { text_cost_per_1k_tokens: 0.002 },
};

const MOCK = {
  providers: { sim: { type: 'MOCK', keys: { main: 'sk-upstream-secret-0001' } } },
  models: { m: { provider: 'sim', pricing: PRICE }, free: { provider: 'sim', pricing: 'none' } },
};

const ASK = { messages: [{ role: 'user', content: 'Say hello.' }] };

/** A proxy whose log is kept, without what it says at its start. */
async function loggedProxy(t: Parameters<typeof startProxy>[0], config: Record<string, unknown>) {
  const logger = createRecordingLogger('info');
  const proxy = await startProxy(t, config, { logger });
  logger.entries.length = 0;
  const ask = async (body: object, headers?: Record<string, string>) =>
    (await proxy.post('/v1/chat/completions', { ...ASK, ...body }, headers)).text();
  return { ...proxy, logger, ask };
}

describe('call log', () => {
  test('CLI-1: on a terminal a call is one line, with the figures of the ledger', async (t) => {
    const proxy = await loggedProxy(t, { ...MOCK, log: { format: 'pretty' } });
    await proxy.ask({ model: 'm' });
    await proxy.ask({ model: 'm:latency', stream: true });
    await proxy.ask({ model: 'free' });
    const [whole, stream] = await proxy.ledger();
    const texts = proxy.logger.entries.map(({ message }) => message);
    const cost = `$0.${String(whole?.['cost_nanos_usd']).padStart(9, '0')}`.replace(/0+$/, '');
    const tokens = `${whole?.tokens?.['in']} → ${whole?.tokens?.['out']} tokens`;
    assert.equal(
      texts[0]?.replace(/ {2,}/g, '  '),
      `200 m → sim  balanced  ${whole?.['latency_ms']} ms  ${tokens}  ${cost}`,
    );
    assert.match(texts[1] ?? '', / latency {4}/);
    assert.ok(texts[1]?.includes(`(first token ${stream?.['ttft_ms']} ms)`));
    assert.match(texts[2] ?? '', /free → sim .* \$\? \(unpriced\)$/);
  });

  test('CLI-1: elsewhere a call is JSON where log.calls asks for it, and nothing otherwise', async (t) => {
    const silent = await loggedProxy(t, { ...MOCK, log: { format: 'json' } });
    await silent.ask({ model: 'm' });
    assert.deepEqual(silent.logger.entries, []);
    const proxy = await loggedProxy(t, { ...MOCK, log: { format: 'json', calls: true } });
    await proxy.ask({ model: 'm' });
    const [line] = await proxy.ledger();
    const [entry] = proxy.logger.entries;
    assert.equal(entry?.level, 'info');
    assert.equal(entry?.message, 'Call');
    assert.equal(entry?.fields['request_id'], line?.['request_id']);
    assert.equal(entry?.fields['latency_ms'], line?.['latency_ms']);
    assert.equal(Number(entry?.fields['cost_usd']) * 1e9, line?.['cost_nanos_usd']);
    assert.deepEqual(entry?.fields['tokens'], {
      in: line?.tokens?.['in'],
      out: line?.tokens?.['out'],
    });
  });

  test('CLI-1: a failure tells its code, and how many endpoints were tried', async (t) => {
    const upstream = await fakeUpstream(t, { status: 503, body: '{}' });
    const base = oneModelConfig(upstream.url);
    const config = { ...base, log: { format: 'pretty' } };
    const proxy = await loggedProxy(t, config);
    await proxy.ask({ model: 'm' });
    const [line] = await proxy.ledger();
    const told = proxy.logger.entries.find(({ level }) => level === 'info')?.message ?? '';
    assert.ok(told.startsWith(`${line?.['http_status']} m → up`), told);
    assert.ok(told.endsWith(String(line?.['error_code'])), told);
  });

  test('SEC-3: no key is in a line, and no name moves the cursor', async (t) => {
    for (const format of ['pretty', 'json']) {
      const config = {
        ...MOCK,
        api_keys: { ana: { key: 'client-secret-0001', models: ['*'] } },
        log: { format, calls: true },
      };
      const proxy = await loggedProxy(t, config);
      const authorization = 'Bearer client-secret-0001';
      await proxy.ask({ model: 'm' }, { authorization });
      await proxy.ask({ model: 'x\u001b[2J\u202e\ny' }, { authorization });
      const text = JSON.stringify(proxy.logger.entries);
      assert.equal(proxy.logger.entries.length, 2);
      assert.doesNotMatch(text, /secret/);
      if (format !== 'pretty') continue;
      assert.match(proxy.logger.entries[1]?.message ?? '', /^404 x�\[2J��y /);
    }
  });

  test('RES-2: at level debug each resolution is told, and at info none', async (t) => {
    const logger = createRecordingLogger();
    const proxy = await startProxy(t, { ...MOCK, model_alias: { fast: 'm:latency' } }, { logger });
    logger.entries.length = 0;
    await (await proxy.post('/v1/chat/completions', { ...ASK, model: 'free:cost' })).text();
    await (await proxy.post('/v1/chat/completions', { ...ASK, model: 'fast' })).text();
    const told = logger.entries.filter(({ level }) => level === 'debug');
    assert.deepEqual(
      told.map(({ message, fields }) => [message, fields]),
      [
        ['Resolved model', { requested: 'free:cost', model: 'free', profile: 'cost' }],
        ['Resolved model alias', { alias: 'fast', resolved: 'm' }],
        ['Resolved model', { requested: 'fast', model: 'm', profile: 'latency' }],
      ],
    );
    const quiet = await loggedProxy(t, { ...MOCK, log: { calls: false } });
    await quiet.ask({ model: 'free:cost' });
    assert.deepEqual(quiet.logger.entries, []);
  });

  test('LED-5: what is estimated or unknown is not told as if it were known', () => {
    const record = { httpStatus: 200, routingProfile: 'balanced', attempts: [], latencyMs: 5 };
    const unknown = {
      usage: null,
      usageSource: 'estimated',
      costNanoUsd: null,
      costReason: 'usage_unknown',
    };
    const told = describeCall({ ...record, ...unknown } as unknown as Parameters<
      typeof describeCall
    >[0]);
    assert.match(told, /\? tokens {2}\$\? \(usage_unknown\)$/);
  });
});
