import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { callBothWays, handmade, recordingOf } from '../support/call-both-ways.ts';
import type { Recording } from '../support/recordings.ts';

/** Makes one call both ways. */
function call<T>(
  t: TestContext,
  answer: Recording,
  ask: (client: OpenAI, model: string) => Promise<T>,
) {
  return callBothWays(t, { type: 'OPENAI', answers: [answer] }, ({ url, apiKey, model }) =>
    ask(new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 }), model),
  );
}

const picture = () => toFile(Buffer.from('89504e470d0a1a0a', 'hex'), 'cat.png');
const sound = () =>
  toFile(Buffer.from('RIFF\r\n--x\r\n\0WAVE'), 'hello.wav', { type: 'audio/wav' });

describe('API-1, API-6: the OpenAI SDK on the other routes', () => {
  test('embeddings come as base64 by default, and are decoded', async (t) => {
    const recording = recordingOf(
      'cassettes/openllmetry/test_embeddings/test_azure_openai_embeddings_with_events_with_no_content.json#1',
    );
    const { result, seen, lines } = await call(t, recording, (client, model) =>
      client.embeddings.create({ model, input: 'Tell me a joke about opentelemetry' }),
    );
    assert.match(seen[0]!.body.toString(), /"encoding_format":"base64"/);
    assert.equal(result.data[0]?.embedding.length, 3072);
    assert.equal(lines[0]?.tokens?.['out'], 0);
  });

  test('an image is made', async (t) => {
    const recording = recordingOf('vercel-ai/openai/image/openai-image.json');
    const { result, lines } = await call(t, recording, (client, model) =>
      client.images.generate({ model, prompt: 'A cat', n: 2 }),
    );
    assert.equal(result.data?.length, 2);
    assert.deepEqual(lines[0]?.['units'], { image: 2 });
  });

  test('an image is edited by form, of which only the model changes', async (t) => {
    const usage = { input_tokens: 30, output_tokens: 50, total_tokens: 80 };
    const answer = handmade('image_edits', { created: 1, data: [{ b64_json: 'iVBORw0' }], usage });
    const { seen, lines } = await call(t, answer, async (client, model) =>
      client.images.edit({ model, image: await picture(), prompt: 'A dog' }),
    );
    assert.match(seen[0]!.headers['content-type'] ?? '', /^multipart\/form-data/);
    assert.deepEqual(lines[0]?.tokens, { in: 30, out: 50, input_text: 30, output_image: 50 });
  });

  test('speech arrives as the bytes of a file, billed by the character', async (t) => {
    const audio = handmade('speech', Buffer.from([0xff, 0xf3, 0, 13, 10, 13, 10]), 'audio/mpeg');
    const { result, lines } = await call(t, audio, async (client, model) => {
      const spoken = await client.audio.speech.create({ model, input: 'Hé 👋', voice: 'alloy' });
      return Buffer.from(await spoken.arrayBuffer()).toString('hex');
    });
    assert.equal(result, audio.bodyBytes.toString('hex'));
    assert.deepEqual(lines[0]?.['units'], { character: 4 });
  });

  test('a transcription is asked by form, and billed by its length', async (t) => {
    const recording = recordingOf('vercel-ai/openai/transcription/openai-transcription.json');
    const { result, lines } = await call(t, recording, async (client, model) =>
      client.audio.transcriptions.create({
        model,
        file: await sound(),
        response_format: 'verbose_json',
      }),
    );
    assert.ok(result.text);
    assert.ok(Number(Object(lines[0]?.['units'])['audio_ms']) > 0);
  });

  test('a translation is asked by form', async (t) => {
    const recording = recordingOf('cassettes/envoy/audio-translation-basic.json#1');
    const { result } = await call(t, recording, async (client, model) =>
      client.audio.translations.create({ model, file: await sound() }),
    );
    assert.ok(result.text);
  });

  test('moderations pass free of charge', async (t) => {
    const answer = { id: 'modr-1', model: 'omni', results: [{ flagged: false, categories: {} }] };
    const { lines } = await call(t, handmade('moderations', answer), (client, model) =>
      client.moderations.create({ model, input: 'Hello' }),
    );
    assert.equal(lines[0]?.['cost_nanos_usd'], 0);
    assert.equal(lines[0]?.['usage_source'], 'none');
  });

  test('older completions are billed like chat completions', async (t) => {
    const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };
    const choices = [{ index: 0, text: 'there was', logprobs: null, finish_reason: 'length' }];
    const answer = { id: 'cmpl-1', object: 'text_completion', created: 1, choices, usage };
    const { lines } = await call(t, handmade('completions', answer), (client, model) =>
      client.completions.create({ model, prompt: 'Once' }),
    );
    assert.deepEqual(lines[0]?.tokens, { in: 3, out: 5, input_text: 3, output_text: 5 });
  });
});
