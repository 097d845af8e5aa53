import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { cutAnswer, plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

const CANARY = 'canary-7f3a';

/** A text with the canary in place of the words that passed. */
const planted = (answer: FakeAnswer): FakeAnswer =>
  JSON.parse(JSON.stringify(answer).replaceAll('Hel', `${CANARY} Hel`).replaceAll('lo', CANARY));

const ERROR = JSON.stringify({ error: { message: CANARY, status: CANARY, details: [] } });

describe('what the ledger never holds', () => {
  for (const wire of WIRES) {
    test(`LED-2: no prompt, answer, header or credential of ${wire.name} is in its files`, async (t) => {
      const answers: FakeAnswer[] = [
        planted(plainAnswer(wire)),
        planted(streamedAnswer(wire)),
        planted(cutAnswer(wire)),
        { status: 400, body: ERROR },
        { status: 401, body: ERROR },
        { status: 500, headers: { 'x-error': CANARY }, body: CANARY },
        { headers: { 'content-type': 'text/html' }, body: CANARY },
      ];
      const rest = [...answers];
      const upstream = await fakeUpstream(t, () => rest.shift() ?? {});
      const { providers, models } = oneModelConfig(upstream.url) as {
        providers: { up: object };
        models: object;
      };
      const proxy = await startProxy(t, {
        models,
        providers: { up: { ...providers.up, keys: { main: `sk-${CANARY}` } } },
        api_keys: { ana: { key: `sb-${CANARY}`, models: ['*'] } },
      });
      const headers = {
        'x-api-key': `sb-${CANARY}`,
        'x-custom': CANARY,
        cookie: `session=${CANARY}`,
        'user-agent': CANARY,
      };
      const body = JSON.stringify(wire.request('m', true)).replaceAll('Hi', CANARY);
      for (const _ of answers) {
        const response = await proxy.post(wire.path('m', true), body, headers);
        await response.arrayBuffer().catch(() => {});
      }
      // Not even where the request is no request.
      await proxy.post(wire.path('m', true), `{"${CANARY}":`, headers);
      assert.equal(rest.length, 0);
      assert.equal((await proxy.ledger()).length, answers.length + 1);
      const folder = dirname(proxy.ledgerFile);
      for (const name of await readdir(folder)) {
        if (name === 'config.yaml') continue;
        assert.ok(!(await readFile(join(folder, name), 'utf8')).includes(CANARY), name);
      }
    });
  }
});
