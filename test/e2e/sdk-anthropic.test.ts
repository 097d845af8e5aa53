import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { callBothWays, collect, describeError, recordingOf } from '../support/call-both-ways.ts';

/** Asks for messages both ways; the upstream answers with those recordings in turn. */
function ask<T>(
  t: TestContext,
  ids: string[],
  call: (messages: Anthropic['messages'], model: string) => Promise<T>,
) {
  const answers = ids.map(recordingOf);
  return callBothWays(t, { type: 'ANTHROPIC', answers }, ({ url, apiKey, model }) =>
    call(new Anthropic({ baseURL: url, apiKey, maxRetries: 0 }).messages, model),
  );
}

const messages = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];
const input_schema = { type: 'object' as const, properties: { location: { type: 'string' } } };
const tools = [{ name: 'get_weather', input_schema }];
const max_tokens = 2_000;

describe('API-2, API-6: the Anthropic SDK', () => {
  test('API-7: versions, betas and the query reach the upstream as the SDK sends them', async (t) => {
    const ids = ['lingua/simpleRequest/anthropic/response.json'];
    const options = {
      query: { beta: 'true' },
      headers: { 'anthropic-beta': 'context-1m-2025-08-07' },
    };
    const { seen } = await ask(t, ids, (client, model) =>
      client.create({ model, max_tokens, messages }, options),
    );
    assert.equal(seen[0]?.url, '/v1/messages?beta=true');
    assert.equal(seen[0]?.headers['anthropic-version'], '2026-10-21');
    assert.equal(seen[0]?.headers['anthropic-beta'], 'context-1m-2025-08-07');
  });

  test('a plain answer with thinking is the one that the provider gave', async (t) => {
    const ids = ['lingua/reasoningRequest/anthropic/response.json'];
    const thinking = { type: 'adaptive' as const };
    const { result } = await ask(t, ids, (client, model) =>
      client.create({ model, max_tokens, messages, thinking }),
    );
    assert.equal(result.type, 'message');
  });

  test('a tool is called, and its result sent back', async (t) => {
    const ids = [
      'lingua/toolCallRequest/anthropic/response.json',
      'lingua/toolCallRequest/anthropic/followup-response.json',
    ];
    const { result } = await ask(t, ids, async (client, model) => {
      const first = await client.create({ model, max_tokens, tools, messages });
      const call = first.content.find(({ type }) => type === 'tool_use');
      assert.ok(call?.type === 'tool_use');
      const output = { type: 'tool_result' as const, tool_use_id: call.id, content: '18 degrees' };
      const history = [
        ...messages,
        { role: 'assistant' as const, content: first.content },
        { role: 'user' as const, content: [output] },
      ];
      return [first, await client.create({ model, max_tokens, tools, messages: history })];
    });
    assert.equal(result[0]?.stop_reason, 'tool_use');
  });

  test('a stream arrives event by event', async (t) => {
    const ids = ['lingua/toolCallRequest/anthropic/response-streaming.json'];
    const { result } = await ask(t, ids, (client, model) =>
      collect(client.create({ model, max_tokens, messages, tools, stream: true })),
    );
    assert.equal(result.at(-1)?.type, 'message_stop');
  });

  for (const [what, id] of [
    ['thinking', 'lingua/reasoningRequest/anthropic/response-streaming.json'],
    ['a tool call', 'lingua/toolCallRequest/anthropic/response-streaming.json'],
    ['a server’s web search', 'cassettes/llm-anthropic/test_anthropic/test_web_search.json#1'],
    ['a tool call without arguments', 'vercel-ai/anthropic/anthropic-tool-no-args.chunks.txt'],
  ] as const) {
    test(`the stream helper puts ${what} together`, async (t) => {
      const { result } = await ask(t, [id], (client, model) =>
        client.stream({ model, max_tokens, messages, tools }).finalMessage(),
      );
      assert.ok(result.stop_reason);
    });
  }

  test('what a stream wrote to and read from a cache is on the ledger', async (t) => {
    const cassette =
      'cassettes/openllmetry/test_prompt_caching/test_anthropic_prompt_caching_stream_with_events_with_content.json';
    const { lines } = await ask(t, [`${cassette}#1`, `${cassette}#2`], async (client, model) => {
      const asked = { model, max_tokens, messages, cache_control: { type: 'ephemeral' as const } };
      return [await client.stream(asked).finalMessage(), await client.stream(asked).finalMessage()];
    });
    assert.ok((lines[0]?.tokens?.['cache_write_5m'] ?? 0) > 0);
    assert.ok((lines[1]?.tokens?.['cache_read_text'] ?? 0) > 0);
  });

  test('tokens are counted free of charge', async (t) => {
    const ids = [
      'cassettes/pydantic/test_anthropic/test_anthropic_count_tokens_with_tool_search_replay.json#1',
    ];
    const { result, lines } = await ask(t, ids, (client, model) =>
      client.countTokens({ model, messages, tools }),
    );
    assert.ok(result.input_tokens > 0);
    assert.equal(lines[0]?.['cost_nanos_usd'], 0);
  });

  test('an error has the class and the words of the provider', async (t) => {
    const ids = [
      'cassettes/pydantic/test_model_name_suggestions/test_model_name_suggestion_anthropic_.json#1',
    ];
    const { result } = await ask(t, ids, (client, model) =>
      client.create({ model, max_tokens, messages }).catch(describeError),
    );
    assert.match(JSON.stringify(result), /not_found_error/);
  });
});
