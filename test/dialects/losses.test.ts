import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLosses } from '../../src/dialects/losses.ts';

const fieldNames = { stop: 'stop_sequences', messages: 'contents', 'reasoning.effort': 'effort' };
const options = { model: 'm', dialect: 'openai-chat', fieldNames };

describe('losses', () => {
  test('are told in the words of the client, what lies inside of a field as well, and once', () => {
    const losses = createLosses({ isStrict: false, ...options });
    for (const field of ['stop', 'messages[2].name', 'reasoning.effort', 'seed', 'stop']) {
      losses.drop('dropped', field);
    }
    assert.deepEqual(losses.warnings, [
      'dropped;field=stop_sequences',
      'dropped;field=contents[2].name',
      'dropped;field=effort',
      'dropped;field=seed',
    ]);
  });

  test('refusals name the client’s field, and where the config is strict drops are refusals', () => {
    const says = '`stop_sequences` is not supported when `m` is served by openai-chat.';
    const refusal = createLosses({ isStrict: false, ...options }).refuse('stop');
    assert.deepEqual(
      [refusal.code, refusal.message, refusal.param],
      ['unsupported_parameter', says, 'stop_sequences'],
    );
    const strict = createLosses({ isStrict: true, ...options });
    assert.throws(() => strict.drop('dropped', 'stop'), { message: says });
  });
});
