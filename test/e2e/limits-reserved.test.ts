import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chatBody, startLimited } from '../support/limited-proxy.ts';

const CHAT = '/v1/chat/completions';
const GEMINI = '/v1beta/models/m:generateContent';
const TEXT = '/v1/completions';
const TINY = 1e-7;

/** Output that a call reserves at most, as the refusal of a quota without room tells. */
const RESERVED: [path: string, body: Record<string, unknown>, tokens: number][] = [
  [CHAT, chatBody({ n: 8 }), 400],
  [CHAT, chatBody({ n: '8' }), 400],
  [CHAT, chatBody({ max_tokens: '90' }), 90],
  [TEXT, { model: 'm', prompt: 'a', max_tokens: 100, n: 2, best_of: 20 }, 2_000],
  [TEXT, { model: 'm', prompt: ['a', 'b', 'c'], max_tokens: 100, best_of: 20 }, 6_000],
  [TEXT, { model: 'm', prompt: ['a', 'b', 'c'], max_tokens: 100, n: 2 }, 600],
  [GEMINI, { generationConfig: { maxOutputTokens: 50, candidateCount: 4 } }, 200],
  [GEMINI, { generation_config: { max_output_tokens: 50, candidate_count: 4 } }, 200],
  [GEMINI, { generationConfig: { maxOutputTokens: '50', candidate_count: '4' } }, 200],
];

/** Fields that hold no sound number of tokens or answers. */
const ODD: Record<string, unknown>[] = [
  { max_tokens: 5.5 },
  { max_tokens: 0.5 },
  { max_tokens: TINY },
  { n: 1e308 },
  { max_tokens: 1e308, n: 100 },
  { max_tokens: '1e308', n: '100' },
];

const budgets = [{ usd: 1, period: 'month' }];

describe('what a call reserves of its limits (BUD-2)', () => {
  test('BUD-2: each answer that a request asks for has the whole output limit, however it is spelt', async (t) => {
    const { post } = await startLimited(t, {
      key: { quotas: [{ metric: 'tokens_out', limit: 3, period: 'day' }] },
    });
    for (const [path, body, tokens] of RESERVED) {
      const { error } = (await (await post(path, body)).json()) as { error: { message: string } };
      assert.match(error.message, new RegExp(`may need ${tokens} output`), JSON.stringify(body));
    }
  });

  test('BUD-2: a limit that is no whole number is rounded up, and one beyond all numbers is too large', async (t) => {
    const metrics = ['tokens', 'tokens_out'];
    const quotas = metrics.map((metric) => ({ metric, limit: 1000, period: 'day' }));
    const { call } = await startLimited(t, { key: { quotas, budgets } });
    const statuses = [];
    for (const odd of ODD) statuses.push((await call(odd)).status);
    assert.deepEqual(statuses, [200, 200, 200, 429, 429, 429]);
  });

  test('BUD-2: more images than can be counted are beyond every budget', async (t) => {
    const { post } = await startLimited(t, { key: { budgets } });
    const body = { model: 'm', prompt: 'a cat', n: 1e308 };
    assert.equal((await post('/v1/images/generations', body)).status, 402);
  });
});
