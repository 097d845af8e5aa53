import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiImages } from '../../src/dialects/openai-images.ts';
import { feedTap } from '../support/feed-tap.ts';
import { nonzeroTokens } from '../support/nonzero-tokens.ts';

const usage = {
  input_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  output_tokens: 4160,
  total_tokens: 4210,
};

describe('openaiImages', () => {
  test('MON-3: tokens are read where the model reports them, and images are counted all the same', () => {
    const read = openaiImages.readUsage({ usage, data: [null] });
    assert.deepEqual(nonzeroTokens(read), { inText: 10, inImage: 40, outImage: 4160 });
    assert.deepEqual(read?.units, { image: 1 });
  });

  test('details can take text out of the output and cached tokens out of the input', () => {
    const detailed = {
      ...usage,
      cached_tokens_details: { cached_text_tokens: 6, cached_image_tokens: 30 },
      output_tokens_details: { text_tokens: 60, image_tokens: 4100 },
    };
    assert.deepEqual(nonzeroTokens(openaiImages.readUsage({ usage: detailed })), {
      inText: 4,
      inImage: 10,
      cacheReadText: 6,
      cacheReadImage: 30,
      outText: 60,
      outImage: 4100,
    });
  });

  test('without usage the images are counted, whatever stands for them', () => {
    const read = openaiImages.readUsage({ created: 1, data: [{ url: 'a' }, null] });
    assert.deepEqual([read?.units, nonzeroTokens(read)], [{ image: 2 }, {}]);
    assert.equal(openaiImages.readUsage({ created: 1 }), null);
  });

  test('a completed image finishes a stream, which may bring others', () => {
    const partial = { type: 'image_generation.partial_image', b64_json: 'iVBORw0KGgo=' };
    const { terminal, hasMedia } = feedTap(openaiImages, partial);
    assert.deepEqual([terminal, hasMedia], [false, true]);
    for (const type of ['image_generation.completed', 'image_edit.completed']) {
      const reading = feedTap(openaiImages, partial, { type, b64_json: 'iVBORw0KGgo=', usage });
      assert.deepEqual([reading.terminal, reading.finished], [false, true]);
      assert.deepEqual(nonzeroTokens(reading.usage), {
        inText: 10,
        inImage: 40,
        outImage: 4160,
      });
      assert.deepEqual(reading.providerUsage, usage);
    }
  });

  test('LED-6: the images of a stream add up, and so do their tokens', () => {
    const completed = { type: 'image_generation.completed', b64_json: 'iVBORw0KGgo=', usage };
    const reading = feedTap(openaiImages, completed, completed, { ...completed, usage: undefined });
    assert.deepEqual(reading.usage?.units, { image: 3 });
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 20, inImage: 80, outImage: 8320 });
  });

  test('X-31: an error event is an error', () => {
    const error = { type: 'image_generation_user_error', message: 'No.' };
    const reading = feedTap(openaiImages, { type: 'error', error });
    assert.deepEqual(reading.error, { message: 'No.', type: 'image_generation_user_error' });
  });
});
