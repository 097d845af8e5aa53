import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { writeLimits } from '../../src/workers/limit-list.ts';
import { numberLimits } from '../../src/workers/limit-numbers.ts';
import { gauge, requestWindow } from '../policies/limits.ts';

function connect() {
  const texts = new Map<number, string>();
  let told = 0;
  const numberOf = numberLimits({
    tell(_kind, value) {
      const [number, text] = value as unknown as [number, string];
      texts.set(number, text);
      told += 1;
    },
  });
  return { numberOf, texts, told: () => told };
}

describe('numberLimits', () => {
  test('the text of limits is told once, and anew when a figure has changed', () => {
    const { numberOf, texts, told } = connect();
    const number = numberOf([requestWindow(10), gauge(7)]);
    assert.equal(numberOf([requestWindow(10), gauge(7)]), number);
    assert.equal(told(), 1);
    assert.notEqual(numberOf([requestWindow(11), gauge(7)]), number);
    assert.equal(texts.get(number), writeLimits([requestWindow(10), gauge(7)]));
  });

  test('of ten thousand limits two that are asked for together never share a number', () => {
    const { numberOf, texts } = connect();
    for (let max = 0; max < 10_000; max += 1) {
      const [own, ahead] = [[requestWindow(max)], [gauge(max % 4096)]];
      const [ownNumber, aheadNumber] = [numberOf(own), numberOf(ahead)];
      assert.equal(texts.get(ownNumber), writeLimits(own));
      assert.equal(texts.get(aheadNumber), writeLimits(ahead));
    }
    assert.ok(texts.size <= 8192);
  });
});
