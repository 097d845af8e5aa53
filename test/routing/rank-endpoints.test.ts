import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PROFILES, type Profile } from '../../src/routing/profiles.ts';
import {
  type Criterion,
  createComparison,
  type EndpointStanding,
  rankEndpoints,
  type Weights,
} from '../../src/routing/rank-endpoints.ts';

const PROFILE_NAMES = Object.keys(PROFILES) as Profile[];
const WEIGHTS: Weights = { cost: 0.4, latency: 0.3, throughput: 0.3 };

/** Few values, so that equals are frequent; extremes, so that ratios are too. */
const cost = fc.option(fc.constantFrom(0, 1, 2, 3, 1_000, 123_456_789));
const latency = fc.option(fc.constantFrom(0, 1, 20, 20, 350, 60_000));
const throughput = fc.option(fc.constantFrom(0, 1, 400, 400, 1_234));
const uptime = fc.constantFrom(0, 0.5, 0.9, 1, 1, 1);

const standings: fc.Arbitrary<EndpointStanding[]> = fc
  .array(
    fc.record({
      tier: fc.nat(1),
      deferred: fc.boolean(),
      cost,
      latency,
      throughput,
      uptime,
      isForeign: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((rows) => rows.map((row, index) => ({ ...row, index })));

const weight = fc.constantFrom(0, 0.3, 0.4, 1, 7);
const weights: fc.Arbitrary<Weights> = fc
  .record({ cost: weight, latency: weight, throughput: weight })
  .filter((each) => each.cost + each.latency + each.throughput > 0);

/** ROU-2 to ROU-7 in the slowest way: the best of what is left, again and again. */
function rankSlowly(
  all: EndpointStanding[],
  profile: Profile,
  weighted: Weights,
): EndpointStanding[] {
  const order: EndpointStanding[] = [];
  while (order.length < all.length) {
    const left = all.filter((each) => !order.includes(each));
    const tier = left.filter((each) => left.every((other) => each.tier <= other.tier));
    const trusted = tier.filter((each) => !each.deferred);
    const pool = trusted.length > 0 ? trusted : tier;
    const rivals = all.filter((each) => each.tier === pool[0]?.tier);
    const merit = (each: EndpointStanding) => blend(each, rivals, weighted);
    order.push(narrow(pool, [...RULES[profile](pool, merit), own])[0]!);
  }
  return order;
}

type Key = (each: EndpointStanding) => number;

const cheap: Key = (each) => -(each.cost ?? Number.POSITIVE_INFINITY);
const quick: Key = (each) => -(each.latency ?? Number.POSITIVE_INFINITY);
const fast: Key = (each) => each.throughput ?? Number.NEGATIVE_INFINITY;
const steady: Key = (each) => each.uptime;
const own: Key = (each) => -Number(each.isForeign);

/** What decides, first to last; what is still equal stays as declared. */
const RULES: Record<Profile, (pool: EndpointStanding[], merit: Key) => Key[]> = {
  balanced: (_, merit) => [merit, cheap],
  cost: () => [cheap, quick, fast, steady],
  latency: (pool, merit) =>
    pool.some((each) => each.latency !== null) ? [quick, fast, cheap, steady] : [merit, cheap],
  throughput: (pool, merit) =>
    pool.some((each) => each.throughput !== null) ? [fast, quick, cheap, steady] : [merit, cheap],
};

/** The criteria in the words of ROU-2 to ROU-7. */
const CRITERIA: Record<Profile, Criterion[]> = {
  balanced: ['tier', 'deferred', 'balanced', 'cost', 'dialect', 'declared'],
  cost: ['tier', 'deferred', 'cost', 'latency', 'throughput', 'uptime', 'dialect', 'declared'],
  latency: ['tier', 'deferred', 'latency', 'throughput', 'cost', 'uptime', 'dialect', 'declared'],
  throughput: [
    'tier',
    'deferred',
    'throughput',
    'latency',
    'cost',
    'uptime',
    'dialect',
    'declared',
  ],
};

/** ROU-6: two that nothing is known of stand in balanced order. */
function criteriaOf(
  profile: Profile,
  above: EndpointStanding,
  below: EndpointStanding,
): Criterion[] {
  const isSpeed = profile === 'latency' || profile === 'throughput';
  const isUnknown = isSpeed && above[profile] === null && below[profile] === null;
  return CRITERIA[isUnknown ? 'balanced' : profile];
}

/** Each criterion as a number of which more is better. */
const keysOf = (merit: Key): Record<Criterion, Key> => ({
  tier: (each) => -each.tier,
  deferred: (each) => -Number(each.deferred),
  balanced: merit,
  cost: cheap,
  latency: quick,
  throughput: fast,
  uptime: steady,
  dialect: own,
  declared: (each) => -each.index,
});

function narrow(pool: EndpointStanding[], keys: Key[]): EndpointStanding[] {
  return keys.reduce((best, key) => {
    const highest = Math.max(...best.map(key));
    return best.filter((each) => key(each) === highest);
  }, pool);
}

/** The formula of ROU-5. */
function blend(each: EndpointStanding, rivals: EndpointStanding[], weighted: Weights): number {
  let above = 0;
  let below = 0;
  for (const axis of ['cost', 'latency', 'throughput'] as const) {
    const known = rivals.flatMap((rival) => rival[axis] ?? []);
    if (known.length === 0) continue;
    const best = axis === 'throughput' ? Math.max(...known) : Math.min(...known);
    const share = (value: number) => {
      if (value === best) return 1;
      return axis === 'throughput' ? value / best : best / value;
    };
    const mean = known.map(share).reduce((sum, value) => sum + value) / known.length;
    const own = each[axis];
    above += weighted[axis] * (own === null ? mean : share(own));
    below += weighted[axis];
  }
  return Math.round((below === 0 ? 1 : above / below) * each.uptime * 1e9);
}

const indexes = (ranked: readonly EndpointStanding[]) => ranked.map(({ index }) => index);

/** Standings that differ from `{ cost: 1, … }` in what is given. */
function table(...rows: Partial<EndpointStanding>[]): EndpointStanding[] {
  const speeds = { cost: 1, latency: 1, throughput: 1, uptime: 1 };
  const plain = { tier: 1, deferred: false, isForeign: false, ...speeds };
  return rows.map((row, index) => ({ ...plain, index, ...row }));
}

const rank = (profile: Profile, ...rows: Partial<EndpointStanding>[]) =>
  indexes(rankEndpoints(table(...rows), { profile, weights: WEIGHTS }));

describe('rankEndpoints', () => {
  test('ROU-3, ROU-4, ROU-5: any table is ordered as the slow reference orders it', () => {
    const profile = fc.constantFrom(...PROFILE_NAMES);
    const property = fc.property(standings, profile, weights, (rows, name, weighted) => {
      const ranked = rankEndpoints(rows, { profile: name, weights: weighted });
      assert.deepEqual(indexes(ranked), indexes(rankSlowly(rows, name, weighted)));
    });
    fc.assert(property, { numRuns: 10_000 });
  });

  test('CLI-4: what decides between two is the first criterion on which they differ', () => {
    const told = new Set<Criterion>();
    const profile = fc.constantFrom(...PROFILE_NAMES);
    const property = fc.property(standings, profile, weights, (rows, name, weighted) => {
      const rules = { profile: name, weights: weighted };
      const ranked = rankEndpoints(rows, rules);
      const { decisive } = createComparison(rows, rules);
      for (const [place, below] of ranked.entries()) {
        const above = ranked[place - 1];
        if (above === undefined) continue;
        const criterion = decisive(above, below);
        const rivals = rows.filter(({ tier }) => tier === below.tier);
        const keys = keysOf((each) => blend(each, rivals, weighted));
        const expected = criteriaOf(name, above, below).find(
          (each) => keys[each](above) !== keys[each](below),
        );
        assert.equal(criterion, expected);
        assert.ok(keys[criterion](above) > keys[criterion](below));
        told.add(criterion);
      }
    });
    fc.assert(property, { numRuns: 2_000 });
    assert.equal(told.size, 9);
  });

  test('a profile never changes the set, only the order, and leaves the table alone', () => {
    const property = fc.property(standings, weights, (rows, weighted) => {
      const before = structuredClone(rows);
      for (const profile of PROFILE_NAMES) {
        const ranked = rankEndpoints(rows, { profile, weights: weighted });
        assert.deepEqual(indexes(ranked).sort(), indexes(rows));
      }
      assert.deepEqual(rows, before);
    });
    fc.assert(property);
  });

  test('ROU-5: only the ratio of the weights matters', () => {
    const factor = fc.constantFrom(0.25, 2, 1024);
    const property = fc.property(standings, weights, factor, (rows, weighted, times) => {
      const scaled = {
        cost: weighted.cost * times,
        latency: weighted.latency * times,
        throughput: weighted.throughput * times,
      };
      const order = (each: Weights) =>
        indexes(rankEndpoints(rows, { profile: 'balanced', weights: each }));
      assert.deepEqual(order(weighted), order(scaled));
    });
    fc.assert(property);
  });

  test('ROU-3: unpriced comes last, and an explicit 0 is free', () => {
    assert.deepEqual(rank('cost', { cost: null }, { cost: 5 }, { cost: 0 }), [2, 1, 0]);
  });

  test('ROU-4: what is not known comes behind what is, in balanced order', () => {
    const rows = [{ latency: null, cost: 9 }, { latency: null, cost: 2 }, { latency: 60_000 }];
    assert.deepEqual(rank('latency', ...rows), [2, 1, 0]);
  });

  test('ROU-5: the balanced order weighs all three axes', () => {
    // 0.4 + 0.3 / 10 + 0.3 / 2 against 0.4 / 2 + 0.3 + 0.3.
    const cheap = { cost: 1, latency: 100, throughput: 50 };
    const swift = { cost: 2, latency: 10, throughput: 100 };
    assert.deepEqual(rank('balanced', cheap, swift), [1, 0]);
    assert.deepEqual(rank('balanced', cheap, { ...swift, cost: 30 }), [1, 0]);
    assert.deepEqual(rank('balanced', cheap, { ...swift, latency: 80 }), [1, 0]);
    assert.deepEqual(rank('balanced', cheap, { ...swift, latency: 80, uptime: 0.8 }), [0, 1]);
  });

  test('ROU-7: the tier comes before the profile', () => {
    for (const profile of PROFILE_NAMES) {
      const own = { tier: 0, cost: 9, latency: 9, throughput: 0 };
      assert.deepEqual(rank(profile, {}, own, { cost: 0 }).slice(0, 1), [1]);
    }
  });

  test('ROU-2: what is left for last stays in its tier', () => {
    const rows = [{ tier: 0, deferred: true }, {}, { deferred: true }, { tier: 0, cost: 9 }];
    assert.deepEqual(rank('cost', ...rows), [3, 0, 1, 2]);
  });
});
