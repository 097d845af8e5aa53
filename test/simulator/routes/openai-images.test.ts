import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickList, pickText, startFor } from '../ask.ts';

describe('CFG-9 images', () => {
  test('a generation is a picture with the usage that is billed', async (t) => {
    const simulator = await startFor(t);
    const asked = { model: 'gpt-image-1', prompt: 'A red fox', n: 2 };
    const { body } = await ask(simulator, '/v1/images/generations', asked);
    assert.equal(pickList(body, 'data').length, 2);
    assert.deepEqual(pick(body, 'usage'), {
      input_tokens: 3,
      input_tokens_details: { text_tokens: 3, image_tokens: 0 },
      output_tokens: 544,
      output_tokens_details: { text_tokens: 0, image_tokens: 544 },
      total_tokens: 547,
    });
    const { tokens } = simulator.bill().byModel['gpt-image-1']?.usage ?? {};
    assert.deepEqual([tokens?.inText, tokens?.outImage], [3, 544]);
  });

  test('a variation needs no prompt, and the picture read is counted', async (t) => {
    const simulator = await startFor(t);
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(8)]), 'a.png');
    const url = `${simulator.url}/v1/images/variations`;
    const body = await (await fetch(url, { method: 'POST', body: form })).json();
    assert.equal(pick(body, 'usage.input_tokens_details.image_tokens'), 200);
  });

  test('a streamed edit completes with its usage', async (t) => {
    const simulator = await startFor(t);
    const images = [{ image_url: 'data:image/png;base64,AAAA' }];
    const asked = { prompt: 'Blue', images, stream: true };
    const { events } = await ask(simulator, '/v1/images/edits', asked);
    assert.equal(pickText(events[0], 'type'), 'image_edit.completed');
    assert.equal(pick(events[0], 'usage.total_tokens'), 473);
  });
});
