import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import {
  ANSWER,
  API_KEY,
  chatBody,
  limitedConfig,
  startLimited,
} from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';
import { plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

/** The headers that tell of limits. */
function told(response: Response): Record<string, string> {
  const names = [...response.headers.keys()].filter((name) => name.includes('ratelimit-'));
  return Object.fromEntries(names.map((name) => [name, response.headers.get(name) ?? '']));
}

const MIDNIGHT = Date.UTC(2027, 0, 1);

describe('the headers by which clients pace themselves (POL-7)', () => {
  for (const wire of WIRES) {
    for (const stream of [false, true]) {
      test(`POL-7: a ${wire.name} ${stream ? 'stream' : 'answer'} tells the tightest limits`, async (t) => {
        const answer = stream ? streamedAnswer(wire) : plainAnswer(wire);
        const upstream = await fakeUpstream(t, answer);
        const limits = {
          key: {
            policies: { requests: { per_minute: 5 }, tokens: { per_minute: 1_000_000 } },
            quotas: [{ metric: 'tokens', limit: 500_000, period: 'day' }],
          },
          model: { policies: { requests: { per_hour: 3 } } },
        };
        const clock = createTestClock(MIDNIGHT + 1000);
        const proxy = await startProxy(t, limitedConfig(upstream.url, limits), { clock });
        const authorization = `Bearer ${API_KEY}`;
        const request = wire.request('m', stream);
        const response = await proxy.post(wire.path('m', stream), request, { authorization });
        await response.arrayBuffer();
        assert.equal(response.status, 200);
        const headers = told(response);
        // A minute has more left than the model's hour, and the rate more than the quota.
        const left = headers['x-ratelimit-remaining-tokens'];
        assert.ok(Number(left) > 300_000 && Number(left) < 500_000, left);
        const anthropic = {
          'anthropic-ratelimit-requests-limit': '3',
          'anthropic-ratelimit-requests-remaining': '2',
          'anthropic-ratelimit-requests-reset': '2027-01-01T01:00:01.000Z',
          'anthropic-ratelimit-tokens-limit': '500000',
          'anthropic-ratelimit-tokens-remaining': left,
          'anthropic-ratelimit-tokens-reset': '2027-01-02T00:00:00.000Z',
        };
        assert.deepEqual(headers, {
          'x-ratelimit-limit-requests': '3',
          'x-ratelimit-remaining-requests': '2',
          'x-ratelimit-reset-requests': '1h0m0s',
          'x-ratelimit-limit-tokens': '500000',
          'x-ratelimit-remaining-tokens': left,
          'x-ratelimit-reset-tokens': '23h59m59s',
          ...(wire.surface === 'anthropic' ? anthropic : {}),
        });
      });
    }
  }

  test('POL-7: a refusal tells the limit that refused, in the words of its API', async (t) => {
    const limits = { key: { policies: { requests: { per_minute: 1, per_hour: 100 } } } };
    const { call, clock, post } = await startLimited(t, limits);
    assert.equal((await call()).status, 200);
    clock.advance(20_000);
    const openai = {
      'x-ratelimit-limit-requests': '1',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '41s',
    };
    const refused = await call();
    assert.equal(refused.status, 429);
    assert.deepEqual(told(refused), openai);
    assert.deepEqual(told(await post('/v1/messages', chatBody())), {
      ...openai,
      'anthropic-ratelimit-requests-limit': '1',
      'anthropic-ratelimit-requests-remaining': '0',
      // 40 s are left of its minute, and a quarter of a second of its step.
      'anthropic-ratelimit-requests-reset': '2027-01-01T00:01:00.250Z',
    });
  });

  test('POL-7: what never opens again has no reset, and what is unlimited no headers', async (t) => {
    const quotas = [{ metric: 'requests', limit: 2, period: 'total' }];
    const { post } = await startLimited(t, { key: { quotas } });
    for (const left of ['1', '0', '0']) {
      const response = await post('/v1/messages', chatBody());
      assert.deepEqual(told(response), {
        'x-ratelimit-limit-requests': '2',
        'x-ratelimit-remaining-requests': left,
        'anthropic-ratelimit-requests-limit': '2',
        'anthropic-ratelimit-requests-remaining': left,
      });
    }
    const unlimited = await startLimited(t, {});
    assert.deepEqual(told(await unlimited.call()), {});
  });

  test('POL-7: of a provider’s own figures the client sees ours where we have some', async (t) => {
    const upstream = await fakeUpstream(t, {
      ...ANSWER,
      headers: { ...ANSWER.headers, 'x-ratelimit-limit-requests': '9000' },
    });
    const authorization = `Bearer ${API_KEY}`;
    for (const [requests, expected] of [
      [{ per_minute: 5 }, '5'],
      [{}, '9000'],
    ] as const) {
      const config = limitedConfig(upstream.url, { key: { policies: { requests } } });
      const { post } = await startProxy(t, config);
      const response = await post('/v1/chat/completions', chatBody(), { authorization });
      await response.arrayBuffer();
      assert.equal(response.headers.get('x-ratelimit-limit-requests'), expected);
    }
  });
});
