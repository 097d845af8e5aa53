import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dataOf } from '../../src/dialects/data-span.ts';
import { encodeHeartbeat } from '../../src/dialects/heartbeat.ts';
import { createEventSplitter } from '../../src/dialects/stream-events.ts';

describe('encodeHeartbeat (FAI-7)', () => {
  test('Anthropic has an event of its own for it', () => {
    const text = encodeHeartbeat('anthropic-messages', 'sse').toString();
    assert.equal(text, 'event: ping\ndata: {"type":"ping"}\n\n');
  });

  for (const format of ['openai-chat', 'openai-responses', 'google-generate-content'] as const) {
    test(`${format} gets a comment, which holds nothing`, () => {
      const bytes = encodeHeartbeat(format, 'sse');
      assert.equal(bytes.toString(), ': keepalive\n\n');
      const [event] = createEventSplitter('sse').push(bytes);
      assert.ok(event);
      assert.equal(dataOf(event).length, 0);
    });
  }

  test('a stream that has not begun gets a comment, whatever its format', () => {
    assert.equal(encodeHeartbeat(null, 'sse').toString(), ': keepalive\n\n');
  });

  test('an array gets white space, which JSON allows before, between and behind its elements', () => {
    const beat = encodeHeartbeat('google-generate-content', 'json-array').toString();
    assert.deepEqual(JSON.parse(`${beat}[{}${beat},${beat}{}${beat}]`), [{}, {}]);
  });
});
