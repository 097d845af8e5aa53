import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

/** Reads the ledger from within the client, at the moment when it sees that text; the lines then. */
function linesWhenSeen(
  url: string,
  body: object,
  text: string,
  ledgerFile: string,
): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      let seen = '';
      response.on('data', (chunk) => {
        seen += chunk;
        if (!seen.includes(text)) return;
        response.removeAllListeners('data').resume();
        resolve(readFileSync(ledgerFile, 'utf8').split('\n').length - 1);
      });
      response.on('end', () => reject(new Error(`${text} never came: ${seen}`)));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

async function start(t: TestContext, wire: Wire, durability: string) {
  const answers = [
    plainAnswer(wire),
    streamedAnswer(wire),
    // The whole stream in one packet.
    streamedAnswer(wire, [wire.events.join('')]),
    { ...plainAnswer(wire), status: 400 },
  ];
  const upstream = await fakeUpstream(t, () => answers.shift());
  const config = oneModelConfig(upstream.url);
  const proxy = await startProxy(t, config);
  if (durability === 'os') return proxy;
  const usage = { file: proxy.ledgerFile, durability };
  return { ...(await startProxy(t, { ...config, usage })), ledgerFile: proxy.ledgerFile };
}

describe('the moment when the ledger is written', () => {
  for (const durability of ['os', 'disk']) {
    for (const wire of WIRES) {
      test(`LED-3: with \`${durability}\` the line is there when a ${wire.name} client sees the end`, async (t) => {
        const { url, ledgerFile } = await start(t, wire, durability);
        const plain = url + wire.path('m');
        const stream = url + wire.path('m', true);
        // The first byte of a plain answer is late enough: the proxy has read all of it.
        assert.equal(await linesWhenSeen(plain, wire.request('m'), '{', ledgerFile), 1);
        const asked = wire.request('m', true);
        assert.equal(await linesWhenSeen(stream, asked, wire.end, ledgerFile), 2);
        assert.equal(await linesWhenSeen(stream, asked, wire.end, ledgerFile), 3);
        assert.equal(await linesWhenSeen(plain, wire.request('m'), '{', ledgerFile), 4);
      });
    }
  }

  test('LED-3: an upstream that hangs up behind its end changes nothing of it', async (t) => {
    for (const wire of WIRES.filter(({ name }) => name !== 'gemini')) {
      const upstream = await fakeUpstream(t, { ...streamedAnswer(wire), cut: true });
      const first = await startProxy(t, oneModelConfig(upstream.url));
      const usage = { file: first.ledgerFile, durability: 'disk' };
      const proxy = await startProxy(t, { ...oneModelConfig(upstream.url), usage });
      const asked = Array.from({ length: 20 }, async () => {
        const response = await proxy.post(wire.path('m', true), wire.request('m', true));
        assert.equal(await response.text(), wire.events.join(''));
      });
      await Promise.all(asked);
      assert.equal(readFileSync(first.ledgerFile, 'utf8').split('\n').length - 1, 20);
    }
  });
});
