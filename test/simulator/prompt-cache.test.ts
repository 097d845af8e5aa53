import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CacheLife, PromptPart } from '../../src/simulator/prompt.ts';
import { createPromptCache } from '../../src/simulator/prompt-cache.ts';

/** A part of so many tokens, told from others by its letter. */
function part(letter: string, tokens: number, cacheFor: CacheLife | null = null): PromptPart {
  return { text: letter.repeat(4 * tokens), cacheFor };
}

function inputOf({ tokens }: ReturnType<ReturnType<typeof createPromptCache>['read']>): object {
  const { inText, cacheReadText, cacheWrite5m, cacheWrite1h } = tokens;
  return { inText, cacheReadText, cacheWrite5m, cacheWrite1h };
}

describe('CFG-9 createPromptCache', () => {
  test('an implicit prefix is read the second time, and written for free', () => {
    const cache = createPromptCache();
    const parts = [part('s', 1024, 'implicit'), part('u', 10)];
    const none = { cacheReadText: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
    assert.deepEqual(inputOf(cache.read('m', parts)), { ...none, inText: 1034 });
    assert.deepEqual(inputOf(cache.read('m', parts)), { ...none, inText: 10, cacheReadText: 1024 });
    assert.deepEqual(inputOf(cache.read('other', parts)), { ...none, inText: 1034 });
  });

  test('marked parts are written at their own life, then read', () => {
    const cache = createPromptCache();
    const parts = [part('t', 2000, '1h'), part('s', 500, '5m'), part('u', 10)];
    assert.deepEqual(inputOf(cache.read('m', parts)), {
      inText: 10,
      cacheReadText: 0,
      cacheWrite5m: 500,
      cacheWrite1h: 2000,
    });
    const longer = [part('t', 2000), part('s', 500), part('u', 30, '5m'), part('v', 1)];
    assert.deepEqual(inputOf(cache.read('m', longer)), {
      inText: 1,
      cacheReadText: 2500,
      cacheWrite5m: 30,
      cacheWrite1h: 0,
    });
  });

  test('a prefix under 1,024 tokens is not cached', () => {
    const cache = createPromptCache();
    const parts = [part('s', 1023, '5m'), part('u', 10)];
    cache.read('m', parts);
    assert.deepEqual(inputOf(cache.read('m', parts)), {
      inText: 1033,
      cacheReadText: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
    });
  });

  test('the same bytes cut into other parts are another prefix', () => {
    const cache = createPromptCache();
    cache.read('m', [part('s', 1024), part('s', 1024, '5m')]);
    const { tokens } = cache.read('m', [part('s', 2048, '5m')]);
    assert.equal(tokens.cacheReadText, 0);
  });
});
