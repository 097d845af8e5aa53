import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, readError, WIRES } from '../support/wires.ts';

const MODELS = ['openai/a', 'openai/b', 'plain', 'plain-ana'];

/** Keys, and what of MODELS each may call. */
const KEYS: Record<string, { settings: object; allowed: string[] }> = {
  all: { settings: { models: ['*'] }, allowed: MODELS },
  none: { settings: {}, allowed: [] },
  empty: { settings: { models: [] }, allowed: [] },
  exact: { settings: { models: ['plain'] }, allowed: ['plain'] },
  variant: { settings: { models: ['plain-ana'] }, allowed: ['plain-ana'] },
  prefix: { settings: { models: ['openai/*'] }, allowed: ['openai/a', 'openai/b'] },
  denied: {
    settings: { models: ['*'], denied_models: ['openai/a', 'plain*'] },
    allowed: ['openai/b'],
  },
  both: { settings: { models: ['openai/a'], denied_models: ['openai/a'] }, allowed: [] },
};

/** Every key with every spelling of every model, and the status that it gets. */
const ATTEMPTS = Object.entries(KEYS).flatMap(([key, { allowed }]) =>
  MODELS.flatMap((name) => {
    const spellings = [
      name,
      `${name}:cost`,
      ...(name === 'openai/a' ? ['nick', 'up:openai/a'] : []),
    ];
    return spellings.map((asked) => ({ key, asked, status: allowed.includes(name) ? 200 : 403 }));
  }),
);

function grantConfig(baseUrl: string): Record<string, unknown> {
  const model = { provider: 'up', pricing: 'none' };
  const named = Object.entries(KEYS).map(([name, { settings }]) => {
    return [name, { key: `${name}-key`, ...settings }];
  });
  return {
    providers: oneModelConfig(baseUrl)['providers'],
    models: { 'openai/a': model, 'openai/b': model, plain: model },
    variants: { 'plain-ana': { model: 'plain' } },
    model_alias: { nick: 'openai/a' },
    api_keys: Object.fromEntries(named),
  };
}

describe('grants', () => {
  for (const wire of WIRES) {
    test(`KEY-3: on ${wire.name} a key calls what it is granted, however the name is spelled`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const proxy = await startProxy(t, grantConfig(upstream.url));
      for (const { key, asked, status } of ATTEMPTS) {
        const headers = { authorization: `Bearer ${key}-key` };
        const path = wire.path(encodeURIComponent(asked));
        const response = await proxy.post(path, wire.request(asked), headers);
        assert.equal(response.status, status, `${key} asks for ${asked}`);
      }
      const passed = ATTEMPTS.filter(({ status }) => status === 200);
      assert.equal(upstream.seen.length, passed.length);
    });
  }

  test('KEY-3: the refusal names the record and the key, and an unknown model is 404 first', async (t) => {
    const api_keys = { ana: { key: 'ana-key', models: [] } };
    const models = { m: { provider: 'up', pricing: 'none' } };
    const proxy = await startProxy(t, { providers: { up: { type: 'MOCK' } }, models, api_keys });
    for (const wire of WIRES) {
      const auth = { authorization: 'Bearer ana-key' };
      const refused = await proxy.post(wire.path('m:cost'), wire.request('m:cost'), auth);
      assert.equal(refused.status, 403);
      const { code, message, type } = readError(wire, await refused.json());
      assert.equal(code, 'model_not_allowed');
      assert.match(
        message,
        /Model `m` is not granted to key `ana`; add it under `api_keys\.ana\.models`/,
      );
      assert.equal(type, wire.surface === 'google' ? 'PERMISSION_DENIED' : 'permission_error');
      const unknown = await proxy.post(wire.path('x'), wire.request('x'), auth);
      assert.equal(unknown.status, 404);
    }
  });
});
