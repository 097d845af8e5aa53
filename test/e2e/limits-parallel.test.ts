import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  COST,
  chatBody,
  countStatuses,
  estimateInput,
  startLimited,
} from '../support/limited-proxy.ts';

const CALLS = 100;

/** What a call can cost at most: its estimate and its limit, and the rounding of its lines. */
const INPUT = estimateInput(chatBody());
const WORST_NANOS = INPUT * 1_000 + 50 * 2_000 + 20;

const many = (call: () => Promise<Response>, count = CALLS) => Array.from({ length: count }, call);

describe('100 calls at once', () => {
  test('POL-6 a limit of 37 requests lets exactly 37 through', async (t) => {
    const proxy = await startLimited(t, { key: { policies: { requests: { per_minute: 37 } } } });
    assert.deepEqual(await countStatuses(many(() => proxy.call())), { 200: 37, 429: 63 });
    assert.equal(proxy.upstream.seen.length, 37);
    proxy.clock.advance(60_250);
    assert.deepEqual(await countStatuses(many(() => proxy.call())), { 200: 37, 429: 63 });
  });

  test('POL-6 a burst of 12 lets exactly 12 through, and then what comes back', async (t) => {
    const requests = { per_second: 5, burst: 12 };
    const proxy = await startLimited(t, { key: { policies: { requests } } });
    assert.deepEqual(await countStatuses(many(() => proxy.call())), { 200: 12, 429: 88 });
    proxy.clock.advance(1_000);
    assert.deepEqual(await countStatuses(many(() => proxy.call())), { 200: 5, 429: 95 });
  });

  test('POL-5 tokens are held while calls run, and what they did not use comes back', async (t) => {
    const tokens = { per_minute: 9 * (INPUT + 50) + 10 };
    const proxy = await startLimited(t, { key: { policies: { tokens } } });
    assert.deepEqual(await proxy.burst(CALLS, 9), { 200: 9, 429: 91 });
    // Nine answers of 15 tokens are counted now.
    const next = Math.floor((tokens.per_minute - 9 * 15 - (INPUT + 50)) / 15) + 1;
    let passed = 0;
    while ((await proxy.call()).status === 200) passed++;
    assert.equal(passed, next);
  });

  test('POL-5 20 calls run at once; when they have ended, 20 others can', async (t) => {
    const proxy = await startLimited(t, { key: { policies: { concurrency: { max: 20 } } } });
    for (let wave = 0; wave < 2; wave++) {
      assert.deepEqual(await proxy.burst(CALLS, 20), { 200: 20, 429: 80 });
    }
  });

  test('BUD-2 money is held at its worst case, and settled to what it cost', async (t) => {
    const budget = 13 * WORST_NANOS + 500;
    const budgets = [{ usd: budget / 1e9, period: 'month' }];
    const proxy = await startLimited(t, { key: { budgets } });
    assert.deepEqual(await proxy.burst(CALLS, 13), { 200: 13, 402: 87 });
    let spent = 13 * Number(COST);
    while ((await proxy.call()).status === 200) spent += Number(COST);
    // The next one would not have fitted, and every one before did.
    assert.ok(spent + WORST_NANOS > budget && spent - Number(COST) + WORST_NANOS <= budget);
    const lines = await proxy.ledger();
    const costs = lines.map(({ cost_nanos_usd: cost }) => Number(cost));
    assert.equal(
      costs.reduce((sum, cost) => sum + cost, 0),
      spent,
    );
  });

  test('POL-1 all limits of a call are taken together, or none is', async (t) => {
    const proxy = await startLimited(t, {
      key: { team: 'growth', policies: { requests: { per_minute: 30 } } },
      model: { policies: { concurrency: { max: 7 } } },
      config: {
        policies: { requests: { per_hour: 60 } },
        teams: { growth: { quotas: [{ metric: 'requests', limit: 10, period: 'day' }] } },
      },
    });
    assert.deepEqual(await proxy.burst(CALLS, 7), { 200: 7, 429: 93 });
    // The 93 took nothing: three more are left of the tightest limit, the team's ten.
    assert.deepEqual(await countStatuses(many(() => proxy.call(), 5)), { 200: 3, 429: 2 });
  });
});
