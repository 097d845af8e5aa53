import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeSilence } from '../../../src/simulator/routes/wave-audio.ts';
import { ask, pick, pickText, startFor } from '../ask.ts';

describe('CFG-9 speech', () => {
  test('speech is billed by the character', async (t) => {
    const simulator = await startFor(t);
    await ask(simulator, '/v1/audio/speech', { model: 'tts', input: 'Grüße 👋', voice: 'x' });
    assert.deepEqual(simulator.bill().byModel['tts']?.usage.units, { character: 7 });
  });

  test('streamed speech is billed by the token', async (t) => {
    const simulator = await startFor(t);
    const asked = { model: 'tts', input: 'Hello you', voice: 'x', stream_format: 'sse' };
    const { events } = await ask(simulator, '/v1/audio/speech', asked);
    const [delta, done] = events;
    assert.deepEqual(Buffer.from(pickText(delta, 'audio'), 'base64'), makeSilence());
    const usage = { input_tokens: 3, output_tokens: 10, total_tokens: 13 };
    assert.deepEqual(pick(done, 'usage'), usage);
    const { tokens } = simulator.bill().byModel['tts']?.usage ?? {};
    assert.equal(tokens?.inText, 3);
    assert.equal(tokens?.outAudio, 10);
  });
});
