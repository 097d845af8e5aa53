import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type CircuitTrial, createCircuit, stateOf } from '../../src/routing/circuit.ts';
import {
  createCircuitModel,
  type Ending,
  KINDS,
  type Kind,
  MODEL_SETTINGS,
} from './circuit-model.ts';

const SETTINGS = { failures: 5, open: 30_000, max_open: 300_000 };
const MINUTE = 60_000;

/** A circuit whose pauses are never shortened. */
const create = (settings = SETTINGS) => createCircuit(settings, () => 0);

/** One that has just opened, at 0. */
function createOpen(settings = SETTINGS) {
  const circuit = create(settings);
  circuit.begin(0).fail(0, true);
  return circuit;
}

describe('createCircuit (FAI-4)', () => {
  test('opens at the fifth failure in a row, and not before', () => {
    const circuit = create();
    for (let failures = 1; failures <= 4; failures += 1) circuit.begin(0).fail(0, false);
    assert.equal(circuit.state(0), 'closed');
    circuit.begin(0).succeed();
    for (let failures = 1; failures <= 4; failures += 1) circuit.begin(0).fail(0, false);
    assert.equal(circuit.state(0), 'closed');
    circuit.begin(0).fail(0, false);
    assert.equal(circuit.state(0), 'open');
  });

  test('counts attempts that began elsewhere, unless it has opened since', () => {
    const circuit = create();
    for (let failures = 1; failures <= 5; failures += 1) circuit.resume(0).fail(0, false);
    assert.equal(stateOf(circuit.view(0)), 'open');
    circuit.resume(0).succeed();
    assert.equal(circuit.state(0), 'open');
    const { openings, openForMs } = circuit.view(10_000);
    assert.deepEqual([openings, openForMs], [1, 20_000]);
    assert.equal(stateOf(circuit.view(30_000)), 'half-open');
    circuit.resume(openings).succeed();
    assert.equal(stateOf(circuit.view(30_000)), 'closed');
  });

  test('opens at once for a refused key', () => {
    const circuit = create();
    circuit.begin(0).fail(0, true);
    assert.equal(circuit.state(0), 'open');
  });

  test('is half-open after 30 s, which double up to 5 min with every failed probe', () => {
    const circuit = createOpen();
    let nowMs = 0;
    for (const pauseMs of [30, 60, 120, 240, 300, 300].map((seconds) => seconds * 1000)) {
      assert.equal(circuit.state(nowMs + pauseMs - 1), 'open');
      nowMs += pauseMs;
      assert.equal(circuit.state(nowMs), 'half-open');
      circuit.begin(nowMs).fail(nowMs, false);
    }
    nowMs += 300_000;
    circuit.begin(nowMs).succeed();
    assert.equal(circuit.state(nowMs), 'closed');
    circuit.begin(nowMs).fail(nowMs, true);
    assert.equal(circuit.state(nowMs + 30_000), 'half-open');
  });

  test('jitter shortens a pause by a fifth at most', () => {
    const circuit = createCircuit(SETTINGS, () => 1);
    circuit.begin(0).fail(0, true);
    assert.equal(circuit.state(23_999), 'open');
    assert.equal(circuit.state(24_000), 'half-open');
  });

  test('one probe at a time', () => {
    const circuit = createOpen();
    const probe = circuit.begin(MINUTE);
    assert.equal(circuit.state(MINUTE), 'probing');
    const other = circuit.begin(MINUTE);
    other.forget();
    assert.equal(circuit.state(MINUTE), 'probing', 'another attempt does not release the probe');
    probe.succeed();
    assert.equal(circuit.state(MINUTE), 'closed');
  });

  test('a probe that ends without a verdict leaves the place to the next one', () => {
    const circuit = createOpen();
    circuit.begin(MINUTE).forget();
    assert.equal(circuit.state(MINUTE), 'half-open');
  });

  test('a probe that has begun to answer closes it; a later failure opens it again', () => {
    const circuit = create();
    for (let failures = 1; failures <= 5; failures += 1) circuit.begin(0).fail(0, false);
    const probe = circuit.begin(MINUTE);
    probe.prove();
    assert.equal(circuit.state(MINUTE), 'closed');
    probe.fail(MINUTE, false);
    assert.equal(circuit.state(MINUTE), 'open');
  });

  test('attempts from before it opened neither close it nor prolong its pause', () => {
    const circuit = create();
    const [slowSuccess, slowFailure] = [circuit.begin(0), circuit.begin(0)];
    circuit.begin(0).fail(0, true);
    slowSuccess.succeed();
    assert.equal(circuit.state(0), 'open');
    slowFailure.fail(MINUTE, true);
    assert.equal(circuit.state(MINUTE), 'half-open');
  });

  test('a last resort that works closes it, and one that fails changes nothing', () => {
    const circuit = createOpen();
    circuit.begin(1000).fail(1000, true);
    assert.equal(circuit.state(30_000), 'half-open');
    const open = createOpen();
    open.begin(1000).succeed();
    assert.equal(open.state(1000), 'closed');
  });

  test('Retry-After is waited for, up to ten minutes', () => {
    const circuit = create();
    circuit.wait(0, 7000);
    circuit.wait(0, 1000);
    assert.equal(circuit.state(6999), 'waiting');
    assert.equal(circuit.state(7000), 'closed');
    circuit.wait(0, 24 * 60 * MINUTE);
    assert.equal(circuit.state(10 * MINUTE - 1), 'waiting');
    assert.equal(circuit.state(10 * MINUTE), 'closed');
  });

  test('a pause of 0 means that it never opens', () => {
    assert.equal(createOpen({ ...SETTINGS, open: 0 }).state(0), 'closed');
  });

  test('under any attempts at any time it does what the model says', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), playBeside), { numRuns: 2000 });
  });
});

const event = fc.record({
  // Few of them at random lead far from closed.
  kind: fc.constantFrom(...KINDS, 'begin', 'begin', 'advance', 'fail', 'fail', 'lasting'),
  number: fc.nat(30),
});

function endTrial(trial: CircuitTrial | undefined, kind: Ending, nowMs: number): void {
  if (kind === 'fail' || kind === 'lasting') trial?.fail(nowMs, kind === 'lasting');
  else trial?.[kind]();
}

function playBeside(events: { kind: Kind; number: number }[]): void {
  const circuit = createCircuit(MODEL_SETTINGS, () => 0);
  const model = createCircuitModel();
  const trials: CircuitTrial[] = [];
  let nowMs = 0;
  for (const { kind, number } of events) {
    const which = number % Math.max(1, trials.length);
    if (kind === 'begin') trials.push(circuit.begin(nowMs));
    else if (kind === 'advance') nowMs += number;
    else if (kind === 'wait') circuit.wait(nowMs, number);
    else endTrial(trials[which], kind, nowMs);
    model.take({ kind, number, which }, nowMs);
    assert.equal(circuit.state(nowMs), model.state(nowMs));
  }
}
