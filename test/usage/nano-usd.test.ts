import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { divideHalfUp, formatUsd, parseDecimal, parseUsd } from '../../src/usage/nano-usd.ts';

describe('parseUsd', () => {
  const amounts: [string | number, bigint][] = [
    ['0.0025', 2_500_000n],
    [0.0025, 2_500_000n],
    [0.1, 100_000_000n],
    ['15', 15_000_000_000n],
    ['.5', 500_000_000n],
    ['5.', 5_000_000_000n],
    ['+1', 1_000_000_000n],
    ['-0.000000001', -1n],
    ['1e-9', 1n],
    [1e-9, 1n],
    ['2.5E-3', 2_500_000n],
    ['1e3', 1_000_000_000_000n],
    [1e21, 10n ** 30n],
    ['0.1230000000000', 123_000_000n],
    ['1200e-11', 12n],
    ['0e-400', 0n],
    [-0, 0n],
  ];
  for (const [amount, nanos] of amounts) {
    test(`MON-2 reads ${typeof amount} ${amount} exactly`, () => {
      assert.equal(parseUsd(amount), nanos);
    });
  }

  test('MON-2 refuses what is finer than a nano and says so', () => {
    assert.throws(() => parseUsd('0.0000000001'), /"0\.0000000001" has more than 9 decimals/);
    assert.throws(() => parseUsd('1.0000000005'), /more than 9 decimals/);
    assert.throws(() => parseUsd(1e-10), /"1e-10" has more than 9 decimals/);
    assert.throws(() => parseUsd('12e-30'), /more than 9 decimals/);
  });

  test('refuses what is no decimal number', () => {
    for (const text of ['', '.', '-', 'e5', '1,5', '$1', '1 ', '0x10', '1e', 'free', '1_000']) {
      assert.throws(() => parseUsd(text), /is not a decimal number/, text);
    }
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => parseUsd(number), /is not a decimal number/);
    }
  });

  test('refuses an exponent that would eat the memory', () => {
    assert.throws(() => parseUsd('1e999999999'), /is too large/);
  });

  test('MON-2 reading what was written gives the same nanos', () => {
    fc.assert(fc.property(fc.bigInt(), (nanos) => parseUsd(formatUsd(nanos)) === nanos));
  });

  test('MON-2 a number of up to 15 digits is read as written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (nanos) => {
        assert.equal(parseUsd(Number(formatUsd(nanos))), nanos);
      }),
    );
  });
});

describe('parseDecimal', () => {
  test('scales to the decimals asked for', () => {
    assert.equal(parseDecimal('12.5', 2), 1250n);
    assert.equal(parseDecimal(0.075, 30), 75n * 10n ** 27n);
    assert.throws(() => parseDecimal('12.555', 2), /more than 2 decimals/);
  });
});

describe('formatUsd', () => {
  test('MON-2 writes plain decimals without trailing zeros', () => {
    assert.equal(formatUsd(0n), '0');
    assert.equal(formatUsd(1n), '0.000000001');
    assert.equal(formatUsd(2_500_000n), '0.0025');
    assert.equal(formatUsd(12_000_000_000n), '12');
    assert.equal(formatUsd(-1_500_000_000n), '-1.5');
    assert.equal(formatUsd(123_456_789_012_345_678_901n), '123456789012.345678901');
  });
});

describe('divideHalfUp', () => {
  test('MON-2 rounds to the nearest, halves up', () => {
    assert.equal(divideHalfUp(1499n, 1000n), 1n);
    assert.equal(divideHalfUp(1500n, 1000n), 2n);
    assert.equal(divideHalfUp(2500n, 1000n), 3n);
    assert.equal(divideHalfUp(1n, 3n), 0n);
    assert.equal(divideHalfUp(2n, 3n), 1n);
  });

  test('MON-2 is never further than half from the exact quotient', () => {
    const natural = fc.bigInt({ min: 0n, max: 10n ** 30n });
    fc.assert(
      fc.property(natural, fc.bigInt({ min: 1n, max: 10n ** 12n }), (numerator, denominator) => {
        const twiceError = 2n * (divideHalfUp(numerator, denominator) * denominator - numerator);
        assert.ok(-denominator < twiceError && twiceError <= denominator);
      }),
    );
  });
});
