import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickCount, pickText, startFor } from '../ask.ts';

describe('CFG-9 completions', () => {
  test('a stream folds to the plain answer', async (t) => {
    const simulator = await startFor(t);
    const asked = { model: 'm', prompt: 'Once upon', max_tokens: 99 };
    const { body } = await ask(simulator, '/v1/completions', asked);
    const { events } = await ask(simulator, '/v1/completions', {
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    });
    const text = events.map((event) => pickText(event, 'choices.0.text')).join('');
    assert.equal(text, pick(body, 'choices.0.text'));
    assert.equal(pick(events.at(-3), 'choices.0.finish_reason'), 'stop');
    assert.deepEqual(pick(events.at(-2), 'usage'), pick(body, 'usage'));
    assert.equal(events.at(-1), '[DONE]');
  });

  test('sixteen tokens are the default limit', async (t) => {
    const simulator = await startFor(t);
    const asked = { model: 'm', prompt: ['[[tokens 50]]'] };
    const { body } = await ask(simulator, '/v1/completions', asked);
    assert.equal(pick(body, 'choices.0.finish_reason'), 'length');
    assert.equal(pickCount(body, 'usage.completion_tokens'), 16);
  });
});
