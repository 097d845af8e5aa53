import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { duration, timerDuration } from '../../src/config/duration.ts';
import { problemsOf } from './problems-of.ts';

describe('duration (CFG-4)', () => {
  const milliseconds: Record<string, number> = {
    '500ms': 500,
    '30s': 30_000,
    '5m': 300_000,
    '1h': 3_600_000,
    '7d': 604_800_000,
    '1.5s': 1_500,
    '0s': 0,
  };
  for (const [text, expected] of Object.entries(milliseconds)) {
    test(`${text} is ${expected} ms`, () => assert.equal(duration.parse(text), expected));
  }

  test('a number is milliseconds', () => assert.equal(duration.parse(1_500), 1_500));

  const texts = ['', '30', '30 s', '-5s', '1h30m', '5 minutes', 's', '1e3s', '30S', 'soon'];
  for (const value of [...texts, -1, 1.5, Number.POSITIVE_INFINITY, null, true, []]) {
    test(`${JSON.stringify(value)} is refused in words`, () => {
      const { error } = duration.safeParse(value);
      assert.match(error?.issues[0]?.message ?? '', /^expected a duration such as 30s/);
    });
  }
});

describe('timerDuration (CFG-4)', () => {
  test('24 days pass, and what a timer would turn into 1 ms is refused', () => {
    assert.equal(timerDuration.parse('24d'), 2_073_600_000);
    for (const value of ['25d', 2 ** 31]) {
      const { error } = timerDuration.safeParse(value);
      assert.equal(error?.issues[0]?.message, 'is longer than a timer can wait; 24d is the most');
    }
  });

  test('every key that a timer obeys is held to it, and a window is not', () => {
    const problems = problemsOf(`
server: { shutdown_grace: 60d }
routing: { heartbeat: 60d, commit_after: 60d, window: 60d }
media: { timeout: 60d }
providers: { p: { type: MOCK, timeout: 60d } }`);
    assert.deepEqual(
      problems.map((problem) => problem.split(' ')[1]),
      [
        'server.shutdown_grace:',
        'routing.heartbeat:',
        'routing.commit_after:',
        'media.timeout:',
        'providers.p.timeout:',
      ],
    );
  });
});
