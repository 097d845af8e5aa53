import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { measureText } from '../../src/dialects/measure-text.ts';

const measure = (body: unknown) => measureText(Buffer.from(JSON.stringify(body)));

const base64 = Buffer.alloc(3000, 'Signalbox').toString('base64');

/** Bytes of every string value as JSON writes it, by a parse. */
function measureParsed(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value)) - 2;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + measureParsed(each), 0);
}

describe('measureText (ROU-3)', () => {
  test('any JSON measures as the sum of its string values, however it is spaced', () => {
    const indent = fc.constantFrom('', ' ', '\t');
    const property = fc.property(fc.jsonValue(), indent, (value, space) => {
      const text = Buffer.from(JSON.stringify(value, null, space));
      assert.equal(measureText(text), measureParsed(value));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('characters count by their bytes, keys and numbers do not', () => {
    assert.equal(measure({ content: 'Grüße', other: 12_345, list: ['ab', null] }), 9);
  });

  for (const [name, body] of Object.entries({
    'a data URL': { image_url: { url: `data:image/png;base64,${base64}` } },
    'a short data URL': { image_url: 'data:image/png;base64,AAAA' },
    'an image of Anthropic': { source: { type: '', data: base64 } },
    'inline data of Google': { inlineData: { data: base64 } },
    'recorded speech': { input_audio: { data: base64 } },
    'a file': { file: { file_data: base64 } },
    'encrypted reasoning': { encrypted_content: base64 },
    'a signature': { thoughtSignature: base64 },
    'a generated image': { data: [{ b64_json: base64 }, { b64_json: base64 }] },
    'base64 with escaped slashes and line ends': { data: `${'ab\\/c\\n'.repeat(400)}` },
  })) {
    test(`${name} is no text`, () => {
      const text = JSON.stringify(body).replaceAll('\\\\', '\\');
      assert.equal(measureText(Buffer.from(text)), 0);
    });
  }

  for (const [name, body] of Object.entries({
    'Chinese without a space': { content: '你'.repeat(1000) },
    'a run of one letter': { text: 'a'.repeat(5000) },
    'base64 that a user writes': { content: base64 },
    'a document of plain text': { source: { data: 'Once upon a time. '.repeat(100) } },
    'Chinese in a document': { source: { data: '你'.repeat(1000) } },
    'text that begins as a data URL does': { content: 'data: 1, 2, 3' },
    'an address': { image_url: { url: 'https://example.com/a.png' } },
  })) {
    test(`${name} is text`, () => assert.equal(measure(body), measureParsed(body)));
  }

  test('a body that is cut or no JSON is measured as far as it goes', () => {
    assert.equal(measureText(Buffer.from('{"a":"bcd')), 0);
    assert.equal(measureText(Buffer.from('{"a":"bcd","e')), 3);
    assert.equal(measureText(Buffer.alloc(0)), 0);
  });

  test('a megabyte of backslashes and quotes takes no noticeable time', () => {
    const text = Buffer.from(`{"a":"${'\\\\\\"'.repeat(250_000)}"}`);
    const startedAt = performance.now();
    assert.equal(measureText(text), 1_000_000);
    assert.ok(performance.now() - startedAt < 1000);
  });
});
