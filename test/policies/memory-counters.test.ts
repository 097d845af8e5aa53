import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Admittance, isDenial } from '../../src/policies/counters.ts';
import { type Limit, NOTHING } from '../../src/policies/limit.ts';
import { createMemoryCounters } from '../../src/policies/memory-counters.ts';
import { createTestClock } from '../support/test-clock.ts';
import { amounts, bucket, calendarLimit, gauge, requestWindow, tokenWindow } from './limits.ts';

function createStore() {
  const clock = createTestClock();
  const store = createMemoryCounters(clock);
  const admit = (...limits: Limit[]): Admittance => {
    const taking = store.take(limits, amounts());
    assert.ok(!isDenial(taking));
    return taking;
  };
  const deny = (...limits: Limit[]) => {
    const taking = store.take(limits, amounts());
    assert.ok(isDenial(taking));
    return taking;
  };
  const used = (limit: Limit) => store.read(limit).used;
  return { clock, store, admit, deny, used };
}

describe('createMemoryCounters', () => {
  test('a limit of 10 lets 10 through, and the eleventh when the first is a minute old (POL-5)', () => {
    const { clock, admit, deny } = createStore();
    const limit = requestWindow(10);
    for (let call = 0; call < 10; call++) admit(limit);
    const { waitMs, left } = deny(limit);
    assert.equal(left, 0);
    clock.advance(waitMs! - 1);
    deny(limit);
    clock.advance(1);
    admit(limit);
    assert.ok(waitMs! >= 60_000 && waitMs! <= 60_250, String(waitMs));
  });

  test('in no stretch of a window do more pass than its limit (POL-6)', () => {
    const { clock, store } = createStore();
    const limit = requestWindow(7);
    const passed: number[] = [];
    for (let step = 0; step < 3_000; step++) {
      clock.advance((step * 7919) % 997);
      if (!isDenial(store.take([limit], amounts()))) passed.push(clock.now());
    }
    for (const [index, at] of passed.entries()) {
      const eighth = passed[index + 7];
      assert.ok(eighth === undefined || eighth - at > 60_000 - 1);
    }
    assert.ok(passed.length > 100);
  });

  test('what is taken ahead is taken in the same step, and only by who passes (POL-6)', () => {
    const { store, used } = createStore();
    const [own, ahead] = [requestWindow(3), gauge(2)];
    const takings = Array.from({ length: 5 }, () => store.take([own], amounts(), [ahead]));
    const answers = takings.map((taking) => {
      if (isDenial(taking)) return 'refused';
      assert.ok(taking.ahead);
      return isDenial(taking.ahead) ? 'refused ahead' : 'taken';
    });
    assert.deepEqual(answers, ['taken', 'taken', 'refused ahead', 'refused', 'refused']);
    assert.deepEqual([used(own), used(ahead)], [3, 2]);
  });

  test('the third limit’s refusal leaves the first two as they were (POL-6)', () => {
    const { admit, deny, used } = createStore();
    const [first, second, third] = [requestWindow(5), gauge(5), calendarLimit('usd', 1_500n)];
    admit(third);
    assert.equal(deny(first, second, third).limit, third);
    assert.deepEqual([used(first), used(second), used(third)], [0, 0, 1_000n]);
  });

  test('tokens are reserved before the call and settled to what was used (POL-5)', () => {
    const { store, admit, deny, used } = createStore();
    const limit = tokenWindow(50);
    const { hold, tokens } = admit(limit);
    assert.deepEqual(tokens, { max: 50, left: 20, resetMs: 60_000 });
    deny(limit);
    store.settle(hold, amounts({ tokensIn: 5, tokensOut: 0 }));
    assert.equal(used(limit), 5);
    admit(limit);
  });

  test('a call that never went out gives everything back', () => {
    const { store, admit, used } = createStore();
    const limits = [
      requestWindow(1),
      tokenWindow(30),
      bucket(1),
      gauge(1),
      calendarLimit('usd', 1_000n),
      calendarLimit('requests', 1n),
    ];
    for (let round = 0; round < 3; round++) store.settle(admit(...limits).hold, NOTHING);
    assert.deepEqual(limits.map(used), [0, 0, 0, 0, 0n, 0n]);
  });

  test('a bucket lets its burst through at once, then one for each tick of its rate (POL-5)', () => {
    const { clock, admit, deny } = createStore();
    const limit = bucket(2, 3);
    for (let call = 0; call < 3; call++) admit(limit);
    assert.equal(deny(limit).waitMs, 500);
    clock.advance(499);
    deny(limit);
    clock.advance(1);
    admit(limit);
    deny(limit);
  });

  test('0 lets nothing pass, for ever (POL-1)', () => {
    const { deny } = createStore();
    for (const limit of [requestWindow(0), bucket(0, 5), bucket(5, 0), gauge(0), tokenWindow(0)]) {
      assert.equal(deny(limit).waitMs, null);
    }
  });

  test('a call that is larger than its limit never fits', () => {
    const { deny } = createStore();
    assert.equal(deny(tokenWindow(29)).waitMs, null);
    assert.equal(deny(calendarLimit('usd', 999n)).waitMs, null);
  });

  test('a budget holds the worst case and keeps the real cost, exactly (BUD-2)', () => {
    const { store, admit, deny, used } = createStore();
    const limit = calendarLimit('usd', 2_999n);
    const holds = [admit(limit), admit(limit)];
    assert.equal(deny(limit).left, 999n);
    for (const { hold } of holds) store.settle(hold, amounts({ nanoUsd: 1n }));
    assert.equal(used(limit), 2n);
  });

  test('a call that needs nothing of a budget passes, however much was spent (BUD-3)', () => {
    const { store, admit, deny } = createStore();
    const limit = calendarLimit('usd', 1_000n);
    store.settle(admit(limit).hold, amounts({ nanoUsd: 2_000n }));
    deny(limit);
    assert.equal(isDenial(store.take([limit], amounts({ nanoUsd: 0n }))), false);
  });

  test('a quota of output reserves the most that can come (BUD-1)', () => {
    const { store, admit, used } = createStore();
    const limits = (['tokens', 'tokens_in', 'tokens_out', 'requests'] as const).map((metric) =>
      calendarLimit(metric, 1_000n),
    );
    const { hold } = admit(...limits);
    assert.deepEqual(limits.map(used), [110n, 10n, 100n, 1n]);
    store.settle(hold, amounts({ tokensIn: 11, mostTokensOut: 7 }));
    assert.deepEqual(limits.map(used), [18n, 11n, 7n, 1n]);
  });

  test('a budget begins again with its window; what began before settles where it began', () => {
    const { clock, store, admit, used } = createStore();
    const limit = calendarLimit('usd', 1_000n);
    const { hold } = admit(limit);
    clock.advance(24 * 60 * 60 * 1000);
    admit(limit);
    store.settle(hold, amounts({ nanoUsd: 5n }));
    assert.equal(used(limit), 1_000n);
    clock.advance(-24 * 60 * 60 * 1000);
    assert.equal(used(limit), 5n);
  });

  test('calls that end long after their windows leave the present budget alone (BUD-1)', () => {
    const { clock, store, admit, deny, used } = createStore();
    const day = 24 * 60 * 60 * 1000;
    const limit = calendarLimit('usd', 1_000n);
    const holds = [0, 1, 2, 3].map(() => {
      const { hold } = admit(limit);
      clock.advance(day);
      return hold;
    });
    admit(limit);
    for (const hold of holds) {
      store.settle(hold, amounts({ nanoUsd: 900n }));
      assert.equal(used(limit), 1_000n);
      deny(limit);
    }
  });

  test('a changed figure keeps what was counted (REL-2)', () => {
    const { admit, deny, used } = createStore();
    for (let call = 0; call < 3; call++) admit(requestWindow(5));
    deny(requestWindow(3));
    admit(requestWindow(4));
    assert.equal(used(requestWindow(4)), 4);
  });

  test('a clock that is set back neither opens a window nor closes it for longer', () => {
    const { clock, admit, deny } = createStore();
    const limit = requestWindow(1);
    admit(limit);
    clock.advance(-3_600_000);
    deny(limit);
    clock.advance(60_250);
    admit(limit);
  });

  test('a clock that is set back by many windows still has its present one counted (BUD-1)', () => {
    const { clock, admit, deny } = createStore();
    const day = 86_400_000;
    const limit = calendarLimit('requests', 2n);
    for (let window = 0; window < 5; window++) {
      admit(limit);
      clock.advance(day);
    }
    clock.advance(-30 * day);
    admit(limit);
    admit(limit);
    deny(limit);
  });

  test('what happened before a restart counts as far as its window reaches (BUD-5)', () => {
    const { clock, store, used } = createStore();
    const [minute, day, ever] = [
      requestWindow(9),
      calendarLimit('usd', 9_000n),
      calendarLimit('usd', 9_000n, ['total', 'UTC']),
    ];
    clock.advance(60_000);
    for (const ago of [1_000, 59_000, 61_000, 86_400_000]) {
      for (const limit of [minute, day, ever]) store.restore(limit, clock.now() - ago, amounts());
    }
    assert.deepEqual([minute, day, ever].map(used), [2, 2_000n, 4_000n]);
  });

  test('counters that no limit names any more are forgotten', () => {
    const { store, admit, used } = createStore();
    const { hold } = admit(requestWindow(5), gauge(5));
    store.retain([gauge(5)]);
    assert.deepEqual([used(requestWindow(5)), used(gauge(5))], [0, 1]);
    store.settle(hold, NOTHING);
    assert.deepEqual([used(requestWindow(5)), used(gauge(5))], [0, 0]);
  });
});
