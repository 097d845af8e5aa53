import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

describe('checkDurations (CFG-4)', () => {
  test('a bare number that must be meant as seconds is warned of', () => {
    assert.deepEqual(
      problemsOf(
        `
server: { shutdown_grace: 30 }
media: { timeout: 10 }
providers: { p: { type: MOCK, timeout: 600 }, q: { type: MOCK, timeout: os.environ/T } }`,
        { T: '5' },
      ),
      [
        '2:27 server.shutdown_grace: warning: 30 ms; did you mean 30s?',
        '3:19 media.timeout: warning: 10 ms; did you mean 10s?',
        '4:40 providers.p.timeout: warning: 600 ms; did you mean 600s?',
        '4:73 providers.q.timeout: warning: the value of T is in milliseconds; did you mean seconds?',
      ],
    );
  });

  test('durations with a unit, 0 and long ones are meant', () => {
    assert.deepEqual(
      problemsOf(`
server: { shutdown_grace: 0 }
media: { timeout: 500ms }
providers: { p: { type: MOCK, timeout: 30000 } }`),
      [],
    );
  });
});
