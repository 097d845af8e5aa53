import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readRetryAfter } from '../../src/upstream/retry-after.ts';

const NOW = Date.UTC(2027, 0, 1);

const read = (headers: Record<string, string>, body = '{}') =>
  readRetryAfter(headers, Buffer.from(body), NOW);

const retryInfo = (delay: string) =>
  JSON.stringify({
    error: { details: [{ '@type': 'x/google.rpc.RetryInfo', retryDelay: delay }] },
  });

describe('readRetryAfter (FAI-4)', () => {
  const rows: [name: string, headers: Record<string, string>, wait: number | null][] = [
    ['seconds', { 'retry-after': '7' }, 7000],
    ['part of a second', { 'retry-after': '0.5' }, 500],
    ['none at all', { 'retry-after': '0' }, 0],
    ['a date', { 'retry-after': 'Fri, 01 Jan 2027 00:01:00 GMT' }, 60_000],
    ['a date that is over', { 'retry-after': 'Thu, 31 Dec 2026 23:59:00 GMT' }, 0],
    ['milliseconds', { 'retry-after-ms': '1250', 'retry-after': '7' }, 1250],
    ['milliseconds that are none', { 'retry-after-ms': 'soon', 'retry-after': '7' }, 7000],
    ['nothing', {}, null],
    ['an empty header', { 'retry-after': '' }, null],
    ['words', { 'retry-after': 'soon' }, null],
    ['a negative number', { 'retry-after': '-5' }, null],
    ['an endless number', { 'retry-after': 'Infinity' }, null],
  ];
  for (const [name, headers, wait] of rows) {
    test(`${name} in the headers`, () => assert.equal(read(headers), wait));
  }

  test("Google's RetryInfo in the body", () => {
    assert.equal(read({}, retryInfo('17s')), 17_000);
    assert.equal(read({}, retryInfo('0.25s')), 250);
    assert.equal(read({ 'retry-after': '1' }, retryInfo('17s')), 1000);
    assert.equal(read({}, 'no JSON at all'), null);
  });

  test("the reset of OpenAI's limits that are used up, the last one of them", () => {
    const headers = {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '8.64s',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1m0s',
    };
    assert.equal(read(headers), 60_000);
    assert.equal(read({ ...headers, 'x-ratelimit-remaining-tokens': '100' }), 8640);
    assert.equal(read({ ...headers, 'x-ratelimit-reset-tokens': '120ms' }), 8640);
    assert.equal(read({ ...headers, 'retry-after': '2' }), 2000);
    const full = { 'x-ratelimit-remaining-requests': '9', 'x-ratelimit-reset-requests': '1s' };
    assert.equal(read(full), null);
  });

  test("the reset of Anthropic's limits", () => {
    const headers = {
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2027-01-01T00:00:30Z',
    };
    assert.equal(read(headers), 30_000);
    assert.equal(read({ 'anthropic-ratelimit-input-tokens-remaining': '0' }), null);
  });
});
