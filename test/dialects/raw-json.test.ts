import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { parseWire, sourceText } from '../../src/dialects/raw-json.ts';

describe('the JSON text of a tool’s input', () => {
  const readInput = (input: string) => {
    const { input: parsed } = parseWire(Buffer.from(`{"input":${input}}`)) as { input: JsonObject };
    return sourceText(parsed);
  };

  test('keeps its digits and its strings, and loses the white space between', () => {
    const input = String.raw`{ "a b" : [ 1.0 , "say \"so \" ,\\" , "  " ],
      "c" : 12345678901234567890 }`;
    const expected = String.raw`{"a b":[1.0,"say \"so \" ,\\","  "],"c":12345678901234567890}`;
    assert.equal(readInput(input), expected);
  });

  test('SEC-6: may be of many megabytes', () => {
    const input = `{"exact":1.0,"file":"${'line \\n\\"'.repeat(1_500_000)}"}`;
    assert.ok(readInput(input) === input);
  });
});
