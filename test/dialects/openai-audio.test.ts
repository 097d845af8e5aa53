import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiAudio } from '../../src/dialects/openai-audio.ts';
import { feedTap } from '../support/feed-tap.ts';
import { nonzeroTokens } from '../support/nonzero-tokens.ts';

const usage = {
  type: 'tokens',
  input_tokens: 14,
  input_token_details: { text_tokens: 4, audio_tokens: 10 },
  output_tokens: 45,
};

describe('openaiAudio', () => {
  test('a transcription reports tokens', () => {
    assert.deepEqual(nonzeroTokens(openaiAudio.readUsage({ text: 'hi', usage })), {
      inText: 4,
      inAudio: 10,
      outText: 45,
    });
  });

  test('or the duration of the audio, which is kept in milliseconds', () => {
    const seconds = { type: 'duration', seconds: 37 };
    assert.deepEqual(openaiAudio.readUsage({ usage: seconds, duration: 36.7 })?.units, {
      audioMs: 37_000,
    });
    assert.deepEqual(openaiAudio.readUsage({ duration: 36.709999084 })?.units, {
      audioMs: 36_710,
    });
    assert.deepEqual(openaiAudio.readUsage({ duration: '1.5' })?.units, { audioMs: 1500 });
  });

  test('MON-3: tokens and the duration that stands beside them are both kept', () => {
    const read = openaiAudio.readUsage({ text: 'hi', usage, duration: 1.5 });
    assert.deepEqual(
      [nonzeroTokens(read), read?.units],
      [{ inText: 4, inAudio: 10, outText: 45 }, { audioMs: 1500 }],
    );
  });

  test('MON-6: an answer without either reports no usage', () => {
    for (const answer of [null, 'text', { text: 'hi' }, { usage: {}, duration: {} }]) {
      assert.equal(openaiAudio.readUsage(answer), null);
    }
  });

  test('an odd duration marks an anomaly', () => {
    for (const seconds of [-1, 'long', 1e300]) {
      assert.equal(openaiAudio.readUsage({ usage: { seconds } })?.anomaly, true);
    }
  });

  test('a streamed transcription counts its text and ends with usage', () => {
    const reading = feedTap(
      openaiAudio,
      { type: 'transcript.text.delta', delta: 'hey' },
      { type: 'transcript.text.done', text: 'hey', usage },
    );
    assert.deepEqual([reading.contentBytes, reading.terminal], [3, true]);
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 4, inAudio: 10, outText: 45 });
  });

  test('the output of streamed speech is audio', () => {
    const reading = feedTap(
      openaiAudio,
      { type: 'speech.audio.delta', audio: 'UklGRg==' },
      { type: 'speech.audio.done', usage: { input_tokens: 14, output_tokens: 101 } },
    );
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 14, outAudio: 101 });
    assert.deepEqual([reading.finished, reading.terminal], [true, true]);
  });
});
