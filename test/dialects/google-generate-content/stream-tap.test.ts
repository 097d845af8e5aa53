import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { googleGenerateContent } from '../../../src/dialects/google-generate-content/index.ts';
import { feedTap } from '../../support/feed-tap.ts';
import { nonzeroTokens } from '../../support/nonzero-tokens.ts';

const chunk = (parts: object[], candidate: object = {}, usageMetadata?: object) => ({
  candidates: [{ content: { role: 'model', parts }, ...candidate }],
  usageMetadata,
});

describe('generateContent stream tap', () => {
  test('usage is the last known value of each field', () => {
    const reading = feedTap(
      googleGenerateContent,
      chunk([{ text: 'a' }], {}, { trafficType: 'ON_DEMAND' }),
      chunk(
        [{ text: 'b' }],
        {},
        { promptTokenCount: 9, thoughtsTokenCount: 7, totalTokenCount: 16 },
      ),
      chunk(
        [{ text: '' }],
        {},
        { promptTokenCount: 9, candidatesTokenCount: 4, totalTokenCount: 20 },
      ),
    );
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 9, outText: 4, reasoning: 7 });
    assert.deepEqual(reading.providerUsage, {
      trafficType: 'ON_DEMAND',
      promptTokenCount: 9,
      thoughtsTokenCount: 7,
      candidatesTokenCount: 4,
      totalTokenCount: 20,
    });
  });

  test('metadata without counts is not yet usage', () => {
    const reading = feedTap(googleGenerateContent, chunk([], {}, { trafficType: 'ON_DEMAND' }));
    assert.deepEqual([reading.usage, reading.providerUsage], [null, undefined]);
  });

  test('content is text, thoughts, code and calls, and not what a search brought', () => {
    const groundingMetadata = { groundingSupports: [{ segment: { text: 'cited' } }] };
    const events: [event: object, bytes: number][] = [
      [chunk([{ text: '' }]), 0],
      [chunk([{ text: 'hé' }]), 3],
      [chunk([{ text: 'hm', thought: true }]), 2],
      [chunk([{ functionCall: { name: 'f', args: {} } }]), 22],
      [chunk([{ executableCode: { language: 'PYTHON', code: '1+1' } }]), 3],
      [chunk([{ codeExecutionResult: { output: '2' } }], { groundingMetadata }), 0],
      [chunk([{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }]), 0],
    ];
    for (const [event, bytes] of events) {
      assert.equal(feedTap(googleGenerateContent, event).contentBytes, bytes);
    }
  });

  test('content that is no text begins a stream too', () => {
    const data = chunk([{ inlineData: { mimeType: 'audio/L16', data: 'AAAA' } }]);
    assert.equal(feedTap(googleGenerateContent, data).hasMedia, true);
    assert.equal(feedTap(googleGenerateContent, chunk([{ text: 'a' }])).hasMedia, false);
  });

  test('FAI-6: a candidate that begins behind the finish of another is not finished', () => {
    const first = { candidates: [{ index: 0, finishReason: 'STOP' }] };
    const second = { candidates: [{ index: 1, content: { parts: [{ text: 'b' }] } }] };
    const end = { candidates: [{ index: 1, finishReason: 'STOP' }] };
    assert.equal(feedTap(googleGenerateContent, first, second).finished, false);
    assert.equal(feedTap(googleGenerateContent, first, second, end).finished, true);
  });

  test('X-61: a finish reason without content finishes the stream, which has no terminal marker', () => {
    const reading = feedTap(googleGenerateContent, chunk([{ text: 'a' }]), {
      candidates: [{ finishReason: 'STOP' }],
    });
    assert.deepEqual([reading.finished, reading.terminal], [true, false]);
    assert.equal(feedTap(googleGenerateContent, chunk([{ text: 'STOP' }])).finished, false);
  });

  test('several candidates are finished only together', () => {
    const opening = [chunk([{ text: 'a' }], { index: 0 }), chunk([{ text: 'b' }], { index: 1 })];
    const first = chunk([], { finishReason: 'STOP', index: 0 });
    const second = chunk([], { finishReason: 'MAX_TOKENS', index: 1 });
    assert.equal(feedTap(googleGenerateContent, ...opening, first).finished, false);
    assert.equal(feedTap(googleGenerateContent, ...opening, first, second).finished, true);
  });

  test('X-60: a blocked prompt finishes the stream', () => {
    const blocked = {
      promptFeedback: { blockReason: '' },
      usageMetadata: { promptTokenCount: 8175, totalTokenCount: 8175 },
    };
    const reading = feedTap(googleGenerateContent, blocked);
    assert.equal(reading.finished, true);
    assert.deepEqual(nonzeroTokens(reading.usage), { inText: 8175 });
    const open = { ...chunk([{ text: 'a' }]), promptFeedback: { safetyRatings: [] } };
    assert.equal(feedTap(googleGenerateContent, open).finished, false);
  });

  test('X-31: an error object inside a 200 stream is an error', () => {
    const error = { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' };
    const reading = feedTap(googleGenerateContent, chunk([{ text: 'a' }]), { error });
    assert.deepEqual(reading.error, { message: 'Overloaded', type: 'UNAVAILABLE' });
    assert.equal(reading.finished, false);
  });
});
