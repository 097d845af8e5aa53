import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { API_KEY, type Limits, limitedConfig, startLimited } from '../support/limited-proxy.ts';
import { startProxy } from '../support/start-proxy.ts';
import { createTestClock } from '../support/test-clock.ts';

const text = 'Say hello to everybody.';

/** The same call on every surface. */
const SURFACES = {
  openai: {
    path: '/v1/chat/completions',
    body: { model: 'm', max_tokens: 50, messages: [{ role: 'user', content: text }] },
    read: ({ error }: Body) => ({ code: error.code, message: error.message, facts: error }),
  },
  anthropic: {
    path: '/v1/messages',
    body: { model: 'm', max_tokens: 50, messages: [{ role: 'user', content: text }] },
    read: ({ error }: Body) => ({ code: error.code, message: error.message, facts: error }),
  },
  google: {
    path: '/v1beta/models/m:generateContent',
    body: { contents: [{ parts: [{ text }] }], generationConfig: { maxOutputTokens: 50 } },
    read: ({ error }: Body) => ({
      code: error.details?.[0]?.reason,
      message: error.message,
      facts: error.details?.[0]?.metadata ?? {},
    }),
  },
} as const;

interface Body {
  error: Record<string, unknown> & {
    code?: unknown;
    message?: unknown;
    details?: { reason: string; metadata?: Record<string, unknown> }[];
  };
}

interface Refusal {
  status: number;
  code: string;
  scope: string;
  metric: string;
  limit?: string;
  retries?: string;
  says: RegExp;
}

const window = (word: string) => new RegExp(`may use 3 ${word} a day \\(UTC\\)`);

const REFUSALS: [limits: Limits, refusal: Refusal][] = [
  [
    { config: { policies: { requests: { per_minute: 0 } } } },
    {
      status: 429,
      code: 'rate_limit_exceeded',
      scope: 'global',
      metric: 'requests.per_minute',
      limit: '0',
      retries: 'false',
      says: /^All calls together may make 0 requests a minute \(`policies\.requests\.per_minute`\)\. Waiting does not help\.$/,
    },
  ],
  [
    {
      key: { organisation: 'acme' },
      config: { organisations: { acme: { policies: { requests: { per_second: 0 } } } } },
    },
    {
      status: 429,
      code: 'rate_limit_exceeded',
      scope: 'organisation',
      metric: 'requests.per_second',
      limit: '0',
      retries: 'false',
      says: /^Organisation `acme` may make 0 requests a second/,
    },
  ],
  [
    { key: { user: 'ana' }, config: { users: { ana: { policies: { concurrency: { max: 0 } } } } } },
    {
      status: 429,
      code: 'rate_limit_exceeded',
      scope: 'user',
      metric: 'concurrency.max',
      limit: '0',
      says: /^User `ana` may have 0 calls running at once \(`users\.ana\.policies\.concurrency\.max`\)/,
    },
  ],
  [
    { model: { policies: { tokens: { per_minute: 3 } } } },
    {
      status: 429,
      code: 'rate_limit_exceeded',
      scope: 'model',
      metric: 'tokens.per_minute',
      limit: '3',
      says: /^Model `m` may use 3 tokens a minute .*; 3 are left, and this call may need \d\d\. Waiting does not help: send less, or allow less output\.$/,
    },
  ],
  [
    { key: { quotas: [{ metric: 'tokens', limit: 3, period: 'day' }] } },
    {
      status: 429,
      code: 'quota_exceeded',
      scope: 'api_key',
      metric: 'tokens.day',
      limit: '3',
      retries: 'false',
      says: window('tokens'),
    },
  ],
  [
    {
      key: { team: 'growth' },
      config: { teams: { growth: { budgets: [{ usd: 0.00001, period: 'month' }] } } },
    },
    {
      status: 402,
      code: 'budget_exceeded',
      scope: 'team',
      metric: 'usd.month',
      limit: '0.00001',
      retries: 'false',
      says: /^Team `growth` may spend \$0\.00001 a month \(UTC\) \(`teams\.growth\.budgets`\); \$0\.00001 is left, and this call may need \$0\.000\d+\. Waiting does not help/,
    },
  ],
  [
    { key: { policies: { ip: { block: ['127.0.0.0/8'] } } } },
    {
      status: 403,
      code: 'ip_not_allowed',
      scope: 'api_key',
      metric: 'ip',
      says: /^The address 127\.0\.0\.1 may not call here: API key `k` is limited by `api_keys\.k\.policies\.ip`\.$/,
    },
  ],
  [
    { key: { policies: { payload: { max_size: 20 } } } },
    {
      status: 413,
      code: 'payload_too_large',
      scope: 'api_key',
      metric: 'payload.max_size',
      limit: '20',
      says: /larger than the 20 bytes/,
    },
  ],
  [
    { model: { policies: { payload: { max_size: 20 } } } },
    {
      status: 413,
      code: 'payload_too_large',
      scope: 'model',
      metric: 'payload.max_size',
      limit: '20',
      says: /`models\.m\.policies\.payload\.max_size`/,
    },
  ],
  [
    { key: { policies: { tokens: { max_input: 3 } } } },
    {
      status: 400,
      code: 'max_input_exceeded',
      scope: 'api_key',
      metric: 'tokens.max_input',
      limit: '3',
      says: /holds about \d+ input tokens; API key `k` may send 3 in one call/,
    },
  ],
  [
    { model: { policies: { tokens: { max_output: 49 } } } },
    {
      status: 400,
      code: 'max_tokens_exceeded',
      scope: 'model',
      metric: 'tokens.max_output',
      limit: '49',
      says: /asks for up to 50 output tokens; model `m` may get 49 in one call/,
    },
  ],
];

describe('a refusal by a limit (POL-2 to POL-5, BUD-3)', () => {
  for (const [limits, { status, code, scope, metric, limit, retries, says }] of REFUSALS) {
    test(`${code} of a ${scope} tells on every surface what it was, and nothing goes upstream`, async (t) => {
      const { post, upstream, ledger } = await startLimited(t, limits);
      for (const { path, body, read } of Object.values(SURFACES)) {
        const response = await post(path, body);
        assert.equal(response.status, status);
        const told = read((await response.json()) as never);
        assert.equal(told.code, code);
        assert.match(String(told.message), says);
        assert.equal(told.facts['scope'], scope);
        assert.equal(told.facts['metric'], metric);
        assert.equal(limit, told.facts['limit']?.toString());
        if (retries) assert.equal(response.headers.get('x-should-retry'), retries);
      }
      assert.equal(upstream.seen.length, 0);
      const lines = await ledger();
      assert.deepEqual(
        lines.map(({ error_code, cost_nanos_usd }) => [error_code, cost_nanos_usd]),
        [1, 2, 3].map(() => [code, 0]),
      );
    });
  }

  test('POL-5 what opens again tells when, in the header and in the body', async (t) => {
    const limits = { key: { policies: { requests: { per_minute: 1, per_day: 2 } } } };
    const { call, clock, post } = await startLimited(t, limits);
    assert.equal((await call()).status, 200);
    clock.advance(20_000);
    const refused = await call();
    assert.deepEqual(
      ['retry-after', 'x-should-retry', 'x-ratelimit-remaining-requests'].map((name) =>
        refused.headers.get(name),
      ),
      ['41', 'true', '0'],
    );
    // A window comes back in steps, so that a full minute is told as a little more.
    const { call: callFirst } = await startLimited(t, {
      key: { policies: { requests: { per_minute: 1 } } },
    });
    await callFirst();
    const atOnce = await callFirst();
    assert.deepEqual(
      ['retry-after', 'x-should-retry'].map((name) => atOnce.headers.get(name)),
      ['61', 'true'],
    );
    const { error } = (await refused.json()) as Body;
    assert.equal(error['retry_after'], 41);
    assert.match(String(error.message), /It fits again in 41 s\.$/);
    clock.advance(41_000);
    assert.equal((await call()).status, 200);
    clock.advance(61_000);
    // The day's limit is reached, and no client should wait for it.
    const { path, body } = SURFACES.anthropic;
    const denied = await post(path, body);
    assert.equal(denied.headers.get('x-should-retry'), 'false');
    // 86,400 s, less the 122 since the first call, and the rest of its step.
    assert.equal(denied.headers.get('retry-after'), String(86_400 - 122 + 360));
  });

  test('POL-1 a variant counts apart from its model, and all names of a wildcard together', async (t) => {
    const one = { policies: { requests: { per_hour: 1 } } };
    const { call } = await startLimited(t, {
      model: one,
      config: {
        models: { 'x/*': { provider: 'up', slug: '*', pricing: 'none', ...one } },
        variants: { v: { model: 'm' } },
      },
    });
    const statuses: [string, number][] = [];
    for (const model of ['m', 'm:cost', 'v', 'v', 'x/a', 'x/b']) {
      statuses.push([model, (await call({ model })).status]);
    }
    assert.deepEqual(statuses, [
      ['m', 200],
      ['m:cost', 429],
      ['v', 200],
      ['v', 429],
      ['x/a', 200],
      ['x/b', 429],
    ]);
  });

  test('BUD-3 a spent quota names the moment at which its period ends', async (t) => {
    const quotas = [
      { metric: 'requests', limit: 1, period: 'month', timezone: 'America/New_York' },
    ];
    const { call } = await startLimited(t, { key: { quotas } });
    assert.equal((await call()).status, 200);
    const refused = await call();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), String(5 * 3600));
    const { error } = (await refused.json()) as Body;
    assert.match(
      String(error.message),
      /may use 1 request a month \(America\/New_York\).*A new month begins at 2027-01-01T05:00:00\.000Z\.$/,
    );
  });

  test('BUD-4 a model without a price is refused under a budget, unless the key allows it', async (t) => {
    const budgets = [{ usd: 1, period: 'day' }];
    // Only at run time is it known that nobody has a price for the name.
    const config = { models: { 'x/*': { provider: 'up', slug: '*' } } };
    const refusing = await startLimited(t, { key: { budgets }, config });
    const refused = await refusing.call({ model: 'x/unheard-of' });
    assert.equal(refused.status, 402);
    assert.equal(((await refused.json()) as Body).error.code, 'model_unpriced');
    assert.equal(refusing.upstream.seen.length, 0);
    const allowing = await startLimited(t, { key: { budgets, unpriced: 'allow' }, config });
    assert.equal((await allowing.call({ model: 'x/unheard-of' })).status, 200);
    const [line] = await allowing.ledger();
    assert.equal(line?.['cost_nanos_usd'], null);
  });

  test('POL-2 the first address that no trusted proxy has is the client’s', async (t) => {
    const clock = createTestClock();
    const policies = { ip: { allow: ['203.0.113.0/24', '2001:db8::/32'], block: ['203.0.113.9'] } };
    const config = {
      ...limitedConfig('http://127.0.0.1:1', { key: { policies } }),
      server: { trust_proxy: ['127.0.0.1', '10.0.0.0/8'] },
    };
    const { post } = await startProxy(t, config, { clock });
    const statusFrom = async (forwarded: string) => {
      const headers = { authorization: `Bearer ${API_KEY}`, 'x-forwarded-for': forwarded };
      const response = await post('/v1/chat/completions', SURFACES.openai.body, headers);
      await response.arrayBuffer();
      return response.status;
    };
    // 502: it passed, and there is no upstream.
    for (const [forwarded, status] of [
      ['203.0.113.5', 502],
      ['203.0.113.5, 10.1.2.3', 502],
      ['1.2.3.4, 203.0.113.5', 502],
      ['203.0.113.9', 403],
      ['203.0.113.5, 1.2.3.4', 403],
      ['::ffff:203.0.113.5', 502],
      ['::ffff:cb00:7105', 502],
      ['::ffff:cb00:7109', 403],
      ['2001:db8::1', 502],
      ['[2001:db8::1]:4711', 502],
      ['203.0.113.5:4711', 502],
      ['2001:db9::1', 403],
      ['unknown', 403],
    ] as const) {
      assert.equal(await statusFrom(forwarded), status, forwarded);
    }
  });
});
