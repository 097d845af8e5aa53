import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readOverrides } from '../../src/simulator/overrides.ts';

describe('CFG-9 readOverrides', () => {
  test('a text without directives asks for nothing', () => {
    assert.deepEqual(readOverrides('Hello [[world]]', {}), {
      fault: null,
      reply: null,
      refusal: null,
      tokens: null,
      calls: [],
      ttftMs: null,
      tokensPerSecond: null,
      userText: 'Hello [[world]]',
    });
  });

  test('every directive is read and taken out of the text', () => {
    const text =
      'A [[fault hang]] [[reply B\nC]] [[refuse D]] [[tokens 7]] [[ttft 5]] [[speed 0]] [[tool f {"a":[1]}]] [[tool g]]';
    assert.deepEqual(readOverrides(text, {}), {
      fault: { kind: 'hang' },
      reply: 'B\nC',
      refusal: 'D',
      tokens: 7,
      calls: [
        { name: 'f', argumentsJson: '{"a":[1]}' },
        { name: 'g', argumentsJson: null },
      ],
      ttftMs: 5,
      tokensPerSecond: 0,
      userText: 'A',
    });
  });

  test('a reply may end in brackets', () => {
    assert.equal(readOverrides('[[reply ["a"]]]', {}).reply, '["a"]');
  });

  test('headers ask too, and the text wins over them', () => {
    const headers = { 'x-simulator-reply': 'header', 'x-simulator-ttft-ms': '9' };
    const overrides = readOverrides('[[reply text]]', headers);
    assert.equal(overrides.reply, 'text');
    assert.equal(overrides.ttftMs, 9);
  });
});
