import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { sendBytes } from '../support/send-bytes.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const KEYS = { api_keys: { ana: { key: 'client-secret-0001', models: ['*'] } } };
const BASE = oneModelConfig('http://127.0.0.1:9');

/** A proxy whose warnings are kept, and a clock that can be put on. */
async function watched(t: TestContext, config: Record<string, unknown>) {
  const logger = createRecordingLogger('warn');
  let aheadMs = 0;
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
  const proxy = await startProxy(t, config, { logger, clock });
  logger.entries.length = 0;
  return {
    ...proxy,
    lines: () => logger.entries.map(({ message }) => message),
    pass: (ms: number) => {
      aheadMs += ms;
    },
  };
}

describe('refusal log', () => {
  test('SEC-3: a wrong API key and an unknown route are one line each, without a secret', async (t) => {
    const proxy = await watched(t, { ...BASE, ...KEYS });
    const authorization = 'Bearer wrong-secret-0001';
    await proxy.post('/v1/chat/completions?key=wrong-secret-0002', {}, { authorization });
    await proxy.post('/v1/v1/chat/completions?key=wrong-secret-0002', {}, { authorization });
    await proxy.post('/v1/files', {});
    const [key, twice, files] = proxy.lines();
    assert.equal(
      key,
      'Refused 127.0.0.1 with 401. POST /v1/chat/completions: This API key is not known here.',
    );
    assert.match(twice ?? '', /^Refused 127\.0\.0\.1 with 404\. There is no route POST \/v1\/v1\//);
    assert.match(files ?? '', /does not offer \/files\.$/);
    assert.equal(proxy.lines().length, 3);
    assert.doesNotMatch(proxy.lines().join('\n'), /secret/);
  });

  test('a client in a loop is told once a minute, and many of them fill no disk', async (t) => {
    const proxy = await watched(t, BASE);
    for (let times = 0; times < 3; times += 1) await proxy.post('/nothing', {});
    assert.equal(proxy.lines().length, 1);
    proxy.pass(60_000);
    await proxy.post('/nothing', {});
    assert.equal(proxy.lines().length, 2);
    for (let each = 0; each < 120; each += 1) await proxy.post(`/nothing/${each}`, {});
    assert.equal(proxy.lines().length, 101);
  });

  test('TLS at the plain port is told, and other bytes that are no HTTP are not', async (t) => {
    const proxy = await watched(t, BASE);
    await sendBytes(proxy.url, Buffer.from('\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 'latin1'));
    await sendBytes(proxy.url, 'nonsense\r\n\r\n');
    assert.deepEqual(proxy.lines(), [
      'A client speaks TLS (https://) to this plain HTTP port; its base URL has to begin with http:// (127.0.0.1).',
    ]);
  });

  test('a call that is refused by its model is the client’s business and stays in the ledger', async (t) => {
    const proxy = await watched(t, BASE);
    await proxy.post('/v1/chat/completions', { model: 'nobody', messages: [] });
    assert.deepEqual(proxy.lines(), []);
  });
});
