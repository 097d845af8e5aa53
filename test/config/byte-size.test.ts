import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { byteSize } from '../../src/config/byte-size.ts';

describe('byteSize (CFG-4)', () => {
  const bytes: Record<string, number> = {
    '512b': 512,
    '512kb': 524_288,
    '64mb': 67_108_864,
    '1gb': 1_073_741_824,
    '1.5KB': 1_536,
  };
  for (const [text, expected] of Object.entries(bytes)) {
    test(`${text} is ${expected} bytes`, () => assert.equal(byteSize.parse(text), expected));
  }

  test('a number is bytes', () => assert.equal(byteSize.parse(1_024), 1_024));

  const texts = ['', '64', '64 mb', '-1kb', '64mib', '64Mb', 'kb', 'large'];
  for (const value of [...texts, -1, 0.5, null, {}]) {
    test(`${JSON.stringify(value)} is refused in words`, () => {
      const { error } = byteSize.safeParse(value);
      assert.match(error?.issues[0]?.message ?? '', /^expected a size such as 512kb/);
    });
  }
});
