import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeSilence, secondsOfAudio } from '../../../src/simulator/routes/wave-audio.ts';
import type { Simulator } from '../../../src/simulator/start-simulator.ts';
import { pick, pickText, readEvents, startFor } from '../ask.ts';

async function transcribe(simulator: Simulator, fields: Record<string, string>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([makeSilence()], { type: 'audio/wav' }), 'talk.wav');
  return fetch(`${simulator.url}/v1/audio/transcriptions`, { method: 'POST', body: form });
}

describe('CFG-9 transcriptions', () => {
  test('a recording lasts as long as its header or its size says', () => {
    assert.equal(secondsOfAudio(makeSilence()), 1);
    const wave = Buffer.concat([makeSilence(), Buffer.alloc(16_000)]);
    assert.equal(secondsOfAudio(wave), 3);
    assert.equal(secondsOfAudio(Buffer.alloc(40_000)), 3);
  });

  test('text formats are plain text', async (t) => {
    const simulator = await startFor(t);
    const asText = async (response_format: string): Promise<string> =>
      (await transcribe(simulator, { model: 'whisper-1', response_format })).text();
    assert.equal(await asText('text'), 'Transcript of talk.wav.\n');
    assert.match(await asText('srt'), /^1\n00:00:00,000 --> 00:00:01,000\nTranscript/);
    assert.match(await asText('vtt'), /^WEBVTT\n/);
    assert.equal(JSON.parse(await asText('verbose_json')).duration, 1);
    assert.deepEqual(simulator.bill().byModel['whisper-1']?.usage.units, { audioMs: 4000 });
  });

  test('a stream tells the tokens that are billed', async (t) => {
    const simulator = await startFor(t);
    const prompt = '[[reply Hello out there.]]';
    const response = await transcribe(simulator, { model: 'm', stream: 'true', prompt });
    const events = readEvents(await response.text());
    assert.equal(events.map((event) => pickText(event, 'delta')).join(''), 'Hello out there.');
    assert.deepEqual(pick(events.at(-1), 'usage'), {
      type: 'tokens',
      input_tokens: 17,
      input_token_details: { text_tokens: 7, audio_tokens: 10 },
      output_tokens: 4,
      total_tokens: 21,
    });
    const { tokens } = simulator.bill().byModel['m']?.usage ?? {};
    assert.deepEqual([tokens?.inText, tokens?.inAudio, tokens?.outText], [7, 10, 4]);
  });

  test('a form without a file is refused', async (t) => {
    const simulator = await startFor(t);
    const body = new FormData();
    body.append('model', 'm');
    const url = `${simulator.url}/v1/audio/translations`;
    assert.equal((await fetch(url, { method: 'POST', body })).status, 400);
  });
});
