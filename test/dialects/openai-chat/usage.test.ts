import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readChatUsage } from '../../../src/dialects/openai-chat/usage.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

function tokensOf(usage: object) {
  return nonzeroTokens(readChatUsage({ usage }));
}

describe('readChatUsage', () => {
  test('X-50, V3: cached tokens are a slice of the prompt, not an addition', () => {
    const usage = {
      prompt_tokens: 16202,
      prompt_tokens_details: { cached_tokens: 15802 },
      completion_tokens: 9,
    };
    assert.deepEqual(tokensOf(usage), { inText: 400, cacheReadText: 15802, outText: 9 });
  });

  test('X-52: written tokens are a slice of the prompt too', () => {
    const usage = {
      prompt_tokens: 2006,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 1920 },
    };
    assert.deepEqual(tokensOf(usage), { inText: 86, cacheWrite30m: 1920 });
  });

  test('media, reasoning and audio tokens get buckets of their own', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { audio_tokens: 30, image_tokens: 20, video_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 25, audio_tokens: 10, image_tokens: 5 },
    };
    assert.deepEqual(tokensOf(usage), {
      inText: 40,
      inAudio: 30,
      inImage: 20,
      inVideo: 10,
      outText: 10,
      reasoning: 25,
      outAudio: 10,
      outImage: 5,
    });
  });

  test('rejected prediction tokens are part of the completion already', () => {
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 20,
      completion_tokens_details: { accepted_prediction_tokens: 5, rejected_prediction_tokens: 7 },
    };
    assert.deepEqual(tokensOf(usage), { inText: 1, outText: 20 });
  });

  test('reasoning beside the completion is told by the total, as xAI reports it', () => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 303,
      prompt_tokens_details: { text_tokens: 12, cached_tokens: 11 },
      completion_tokens_details: { reasoning_tokens: 290 },
    };
    assert.deepEqual(tokensOf(usage), {
      inText: 1,
      cacheReadText: 11,
      outText: 1,
      reasoning: 290,
    });
  });

  test('cached tokens are found where DeepSeek and Moonshot put them', () => {
    assert.deepEqual(tokensOf({ prompt_tokens: 10, prompt_cache_hit_tokens: 4 }), {
      inText: 6,
      cacheReadText: 4,
    });
    assert.deepEqual(tokensOf({ prompt_tokens: 10, cached_tokens: 4 }), {
      inText: 6,
      cacheReadText: 4,
    });
  });

  test('a total alone is the input, as embedding APIs report it', () => {
    assert.deepEqual(tokensOf({ total_tokens: 8 }), { inText: 8 });
  });

  test('tier and web searches are read where they are reported', () => {
    const usage = readChatUsage({
      service_tier: 'flex',
      usage: { prompt_tokens: 1, server_tool_use_details: { web_search_requests: 2 } },
    });
    assert.equal(usage?.tier, 'flex');
    assert.deepEqual(usage?.units, { webSearch: 2 });
  });

  test('MON-6: an answer without counts reports no usage', () => {
    for (const answer of [null, 'text', [], {}, { usage: null }, { usage: {} }, { usage: [1] }]) {
      assert.equal(readChatUsage(answer), null);
    }
  });

  test('slices larger than the prompt are cut, media first, and mark an anomaly', () => {
    const usage = readChatUsage({
      usage: {
        prompt_tokens: 100,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30, audio_tokens: 50 },
      },
    });
    assert.deepEqual(nonzeroTokens(usage), {
      cacheReadText: 60,
      cacheWrite30m: 30,
      inAudio: 10,
    });
    assert.equal(usage?.anomaly, true);
  });
});
