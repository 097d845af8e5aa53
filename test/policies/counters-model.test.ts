import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Moment } from '../../src/policies/counter.ts';
import { type Hold, isDenial } from '../../src/policies/counters.ts';
import { type Amounts, type Limit, NOTHING } from '../../src/policies/limit.ts';
import { createMemoryCounters } from '../../src/policies/memory-counters.ts';
import { createReference, type Reference } from './counters-reference.ts';
import { bucket, calendarLimit, gauge, requestWindow, tokenWindow } from './limits.ts';

const START_MS = Date.UTC(2026, 10, 30, 23, 59);
const DAY_MS = 24 * 60 * 60 * 1000;

const figure = fc.integer({ min: 0, max: 6 });
const limitArb: fc.Arbitrary<Limit> = fc.oneof(
  fc
    .tuple(figure, fc.constantFrom(240, 60_000, 3_600_000))
    .map(([max, windowMs]) => requestWindow(max, windowMs)),
  fc.integer({ min: 0, max: 200 }).map(tokenWindow),
  fc.tuple(figure, figure).map(([max, burst]) => bucket(max, burst)),
  figure.map(gauge),
  fc
    .tuple(
      fc.constantFrom('requests', 'tokens', 'tokens_in', 'tokens_out', 'usd'),
      fc.bigInt({ min: 0n, max: 400n }),
      fc.constantFrom('day', 'month', 'total'),
    )
    .map(([metric, max, period]) => calendarLimit(metric, max, [period, 'UTC'])),
);
const limitsArb = fc.uniqueArray(limitArb, {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 4,
});

const count = fc.integer({ min: 0, max: 60 });
const amountsArb: fc.Arbitrary<Amounts> = fc.record({
  requests: fc.constant(1),
  tokensIn: count,
  tokensOut: count,
  mostTokensOut: count,
  nanoUsd: count.map(BigInt),
});

const jump = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 2_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 59_000, max: 62_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(3_600_000, DAY_MS) },
);
const call = fc.nat(20);
const stepArb = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('take'), claim: amountsArb }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle'), call, used: amountsArb }) },
  // Nobody knows what an answer that was cut short used: it costs what was held (BUD-6).
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort'), call }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail'), call }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), ms: jump }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('set back'), ms: jump }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restore'), ageMs: jump, used: amountsArb }),
  },
);

interface Running {
  hold: Hold;
  claim: Amounts;
  settle: readonly ((used: Amounts) => void)[];
}

function createPair(limits: readonly Limit[]) {
  const at: Moment = { steadyMs: START_MS, wallMs: START_MS };
  const store = createMemoryCounters({ now: () => at.wallMs, monotonicMs: () => at.steadyMs });
  // The steady clock begins with the first question.
  store.read(gauge(1));
  const references = new Map(limits.map((limit) => [limit, createReference(limit)]));
  const running: Running[] = [];

  function take(claim: Amounts): void {
    const taking = store.take(limits, claim);
    const refuser = [...references].find(([, reference]) => !reference.fits(claim, at));
    assert.equal(isDenial(taking) ? taking.limit : undefined, refuser?.[0]);
    if (!isDenial(taking)) {
      const settle = [...references.values()].map((reference) => reference.take(claim, at));
      running.push({ hold: taking.hold, claim, settle });
    } else if (refuser) checkWait(refuser, claim, taking.waitMs);
  }

  /** The time that a refusal names is the first at which the same call fits. */
  function checkWait(
    [{ kind }, { fits }]: [Limit, Reference],
    claim: Amounts,
    waitMs: number | null,
  ) {
    if (kind === 'gauge' || waitMs === null) return;
    const later = (ms: number) => ({ steadyMs: at.steadyMs + ms, wallMs: at.wallMs + ms });
    if (kind !== 'calendar') assert.ok(fits(claim, later(waitMs)));
    assert.ok(!fits(claim, later(waitMs - 1)));
  }

  return {
    take,
    settle(index: number, usedOf: (claim: Amounts) => Amounts) {
      const [ended] = running.splice(index % Math.max(1, running.length), 1);
      if (!ended) return;
      const used = usedOf(ended.claim);
      store.settle(ended.hold, used);
      for (const settle of ended.settle) settle(used);
    },
    wait(ms: number) {
      at.wallMs += ms;
      at.steadyMs += ms;
    },
    setBack(ms: number) {
      at.wallMs -= ms;
    },
    restore(ageMs: number, used: Amounts) {
      for (const [limit, reference] of references) {
        store.restore(limit, at.wallMs - ageMs, used);
        reference.restore(at.wallMs - ageMs, used, at);
      }
    },
    compare() {
      for (const [limit, reference] of references) {
        assert.equal(BigInt(store.read(limit).used), reference.used(at), limit.id);
        reference.ask(at);
      }
    },
  };
}

type Step = typeof stepArb extends fc.Arbitrary<infer Kind> ? Kind : never;

function play(pair: ReturnType<typeof createPair>, step: Step): void {
  if ('claim' in step) pair.take(step.claim);
  else if ('ageMs' in step) pair.restore(step.ageMs, step.used);
  else if ('used' in step) pair.settle(step.call, () => step.used);
  else if (step.kind === 'abort') pair.settle(step.call, (claim) => claim);
  else if (step.kind === 'fail') pair.settle(step.call, () => NOTHING);
  else if (step.kind === 'wait') pair.wait(step.ms);
  else pair.setBack(step.ms);
}

test('whatever calls and clocks do, counters count as their history says (POL-6, BUD-1, BUD-5)', () => {
  const steps = fc.array(stepArb, { maxLength: 14, size: 'max' });
  const property = fc.property(limitsArb, steps, (limits, sequence) => {
    const pair = createPair(limits);
    for (const step of sequence) {
      play(pair, step);
      pair.compare();
    }
  });
  fc.assert(property, { numRuns: 10_000 });
});
