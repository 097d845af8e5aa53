import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, pick, pickCount, pickList, pickText, startFor } from '../ask.ts';

function chat(fields: object): object {
  return { model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...fields };
}

describe('CFG-9 Chat Completions', () => {
  test('a stream tells its usage only when asked to', async (t) => {
    const simulator = await startFor(t);
    const quiet = await ask(simulator, '/v1/chat/completions', chat({ stream: true }));
    assert.ok(quiet.events.every((event) => pick(event, 'usage') === undefined));
    assert.equal(quiet.events.at(-1), '[DONE]');
    const options = { stream: true, stream_options: { include_usage: true } };
    const { events } = await ask(simulator, '/v1/chat/completions', chat(options));
    assert.ok(events.slice(0, -2).every((event) => pick(event, 'usage') === null));
    assert.deepEqual(pick(events.at(-2), 'choices'), []);
    assert.ok(pickCount(events.at(-2), 'usage.total_tokens') > 0);
  });

  test('the first chunk has the role, and each choice finishes once', async (t) => {
    const simulator = await startFor(t);
    const { events } = await ask(simulator, '/v1/chat/completions', chat({ stream: true, n: 3 }));
    const choices = events.flatMap((event) => pickList(event, 'choices'));
    for (const index of [0, 1, 2]) {
      const own = choices.filter((choice) => pick(choice, 'index') === index);
      assert.equal(pick(own[0], 'delta.role'), 'assistant');
      assert.equal(own.filter((choice) => pick(choice, 'finish_reason') !== null).length, 1);
      assert.equal(pick(own.at(-1), 'finish_reason'), 'stop');
    }
    assert.equal(new Set(events.slice(0, -1).map((event) => pick(event, 'id'))).size, 1);
  });

  test('every choice is counted', async (t) => {
    const simulator = await startFor(t);
    const text = [{ role: 'user', content: '[[tokens 10]]' }];
    const { body } = await ask(simulator, '/v1/chat/completions', chat({ messages: text, n: 4 }));
    assert.equal(pickList(body, 'choices').length, 4);
    // Each is 39 bytes long.
    assert.equal(pickCount(body, 'usage.completion_tokens'), 39);
  });

  test('the first stop sequence ends the text', async (t) => {
    const simulator = await startFor(t);
    const messages = [{ role: 'user', content: '[[reply one two three]]' }];
    const asked = chat({ messages, stop: ['three', ' two'] });
    const { body } = await ask(simulator, '/v1/chat/completions', asked);
    assert.equal(pick(body, 'choices.0.message.content'), 'one');
    assert.equal(pick(body, 'choices.0.finish_reason'), 'stop');
    assert.equal(pickCount(body, 'usage.completion_tokens'), 1);
  });

  test('a JSON object is any object, and parallel calls can be refused', async (t) => {
    const simulator = await startFor(t);
    const json = await ask(
      simulator,
      '/v1/chat/completions',
      chat({ response_format: { type: 'json_object' } }),
    );
    assert.deepEqual(JSON.parse(pickText(json.body, 'choices.0.message.content')), {
      answer: 'Hello',
    });
    const calls = await ask(
      simulator,
      '/v1/chat/completions',
      chat({
        messages: [{ role: 'user', content: 'f and g' }],
        tools: ['f', 'g'].map((name) => ({ type: 'function', function: { name } })),
        parallel_tool_calls: false,
      }),
    );
    assert.equal(pickList(calls.body, 'choices.0.message.tool_calls').length, 1);
    assert.equal(pick(calls.body, 'choices.0.message.content'), null);
  });

  test('allowed tools are the only ones called', async (t) => {
    const simulator = await startFor(t);
    const [f, g] = ['f', 'g'].map((name) => ({ type: 'function', function: { name } }));
    const allowed_tools = { mode: 'required', tools: [g] };
    const asked = chat({ tools: [f, g], tool_choice: { type: 'allowed_tools', allowed_tools } });
    const { body } = await ask(simulator, '/v1/chat/completions', asked);
    assert.equal(pick(body, 'choices.0.message.tool_calls.0.function.name'), 'g');
  });

  test('results of parallel calls are all quoted', async (t) => {
    const simulator = await startFor(t);
    const messages = [
      { role: 'user', content: 'f' },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', tool_call_id: '1', content: 'one' },
      { role: 'tool', tool_call_id: '2', content: [{ type: 'text', text: 'two' }] },
    ];
    const { body } = await ask(simulator, '/v1/chat/completions', chat({ messages }));
    assert.equal(pick(body, 'choices.0.message.content'), 'The tool answered: one\ntwo');
  });
});
