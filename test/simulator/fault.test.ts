import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFaultSchedule, parseFault } from '../../src/simulator/fault.ts';

const NONE = { status: null, every: 1, truncate: false, errorIn200: false, hang: false };

describe('CFG-9 faults', () => {
  test('the words of a header or directive name a fault, others none', () => {
    assert.deepEqual(parseFault('status=503'), { kind: 'status', status: 503 });
    assert.deepEqual(parseFault('hang'), { kind: 'hang' });
    assert.equal(parseFault('status=200'), null);
    assert.equal(parseFault('explode'), null);
  });

  test('every n-th request suffers', () => {
    const next = createFaultSchedule({ ...NONE, every: 3, truncate: true });
    const fault = { kind: 'truncate' };
    const kinds = Array.from({ length: 6 }, next);
    assert.deepEqual(kinds, [null, null, fault, null, null, fault]);
  });
});
