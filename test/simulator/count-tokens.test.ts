import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { countTokens, cutToTokens, readableText } from '../../src/simulator/count-tokens.ts';

describe('CFG-9 countTokens', () => {
  test('four bytes are a token, and a rest counts as one more', () => {
    assert.equal(countTokens(''), 0);
    assert.equal(countTokens('a'), 1);
    assert.equal(countTokens('abcd'), 1);
    assert.equal(countTokens('abcde'), 2);
    assert.equal(countTokens('日本'), 2);
  });
});

describe('cutToTokens', () => {
  test('a cut text is a beginning of the text, within the limit and close to it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.nat(30), (whole, tokens) => {
        const cut = cutToTokens(whole, tokens);
        assert.ok(whole.startsWith(cut));
        assert.ok(countTokens(cut) <= tokens);
        if (cut !== whole) assert.ok(Buffer.byteLength(cut) > tokens * 4 - 4);
      }),
    );
  });
});

describe('readableText', () => {
  test('texts and tool traffic are read, labels and media are not', () => {
    const message = {
      role: 'user',
      content: [
        { type: 'text', text: 'Look: ' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'tool_use', id: 'toolu_1', name: 'see', input: { at: 1 } },
      ],
    };
    assert.equal(readableText(message), 'Look: see{"at":1}');
  });
});
