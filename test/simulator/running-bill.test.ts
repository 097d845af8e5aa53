import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTokenUsage } from '../../src/core/token-usage.ts';
import { createRunningBill } from '../../src/simulator/running-bill.ts';

describe('CFG-9 createRunningBill', () => {
  test('charges add up by model, units included', () => {
    const bill = createRunningBill();
    const usage = createTokenUsage();
    usage.tokens.inText = 5;
    usage.units.character = 7;
    bill.charge('a', usage);
    bill.charge('a', usage);
    bill.charge('b', createTokenUsage());
    const { requests, byModel } = bill.total();
    assert.equal(requests, 3);
    assert.equal(byModel['a']?.requests, 2);
    assert.equal(byModel['a']?.usage.tokens.inText, 10);
    assert.deepEqual(byModel['a']?.usage.units, { character: 14 });
  });

  test('a total does not change with later charges', () => {
    const bill = createRunningBill();
    bill.charge('a', createTokenUsage());
    const before = bill.total();
    bill.charge('a', createTokenUsage());
    assert.equal(before.byModel['a']?.requests, 1);
  });
});
