import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import { callBothWays, collect, describeError, recordingOf } from '../support/call-both-ways.ts';

/** Asks for chat completions both ways; the upstream answers with those recordings in turn. */
function chat<T>(
  t: TestContext,
  ids: string[],
  call: (completions: OpenAI['chat']['completions'], model: string) => Promise<T>,
) {
  const answers = ids.map(recordingOf);
  return callBothWays(t, { type: 'OPENAI', answers }, ({ url, apiKey, model }) =>
    call(new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 }).chat.completions, model),
  );
}

const messages = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];
const parameters = { type: 'object', properties: { location: { type: 'string' } } };
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters } }];
const stream_options = { include_usage: true };
const TOOL_STREAM = 'cassettes/pydantic/test_openai/test_run_stream_sync_streams_real_model.json#1';

describe('API-1, API-6: the OpenAI SDK on Chat Completions', () => {
  test('a plain answer is the one that the provider gave', async (t) => {
    const ids = ['lingua/reasoningRequest/chat-completions/response.json'];
    const { result, lines } = await chat(t, ids, (completions, model) =>
      completions.create({ model, messages, reasoning_effort: 'high' }),
    );
    assert.equal(result.object, 'chat.completion');
    assert.ok((lines[0]?.tokens?.['reasoning'] ?? 0) > 0);
  });

  test('a tool is called, and its result sent back', async (t) => {
    const ids = [
      'lingua/toolCallRequest/chat-completions/response.json',
      'lingua/toolCallRequest/chat-completions/followup-response.json',
    ];
    const { result } = await chat(t, ids, async (completions, model) => {
      const first = await completions.create({ model, tools, messages });
      const { message } = first.choices[0]!;
      const { id } = message.tool_calls![0]!;
      const output = { role: 'tool' as const, tool_call_id: id, content: '18 degrees' };
      const history = [...messages, message, output];
      return [first, await completions.create({ model, tools, messages: history })];
    });
    assert.equal(result[0]?.choices[0]?.finish_reason, 'tool_calls');
  });

  test('structured output is parsed', async (t) => {
    const ids = ['lingua/jsonSchemaFormatParam/chat-completions/response.json'];
    const json_schema = { name: 'person', schema: { type: 'object' } };
    const { result } = await chat(t, ids, (completions, model) =>
      completions.parse({
        model,
        messages,
        response_format: { type: 'json_schema', json_schema },
      }),
    );
    assert.equal(typeof result.choices[0]?.message.parsed, 'object');
  });

  test('a stream arrives chunk by chunk, its usage last', async (t) => {
    const { result } = await chat(t, [TOOL_STREAM], (completions, model) =>
      collect(completions.create({ model, messages, tools, stream: true, stream_options })),
    );
    assert.ok(result.length > 5);
    assert.ok(result.at(-1)?.usage);
  });

  test('the stream helper puts a tool call together', async (t) => {
    const { result } = await chat(t, [TOOL_STREAM], (completions, model) =>
      completions.stream({ model, messages, tools, stream_options }).finalChatCompletion(),
    );
    assert.equal(result.choices[0]?.finish_reason, 'tool_calls');
  });

  test('streams of other providers are read alike', async (t) => {
    for (const id of [
      'vercel-ai/deepseek/chat/deepseek-tool-call.chunks.txt',
      'vercel-ai/groq/groq-tool-call.chunks.txt',
      'vercel-ai/xai/xai-text.chunks.txt',
      'vercel-ai/mistral/mistral-text.chunks.txt',
    ]) {
      await chat(t, [id], (completions, model) =>
        collect(completions.create({ model, messages, stream: true, stream_options })),
      );
    }
  });

  test('an error has the class and the words of the provider', async (t) => {
    const ids = ['vercel-ai/openai/chat/reasoning-model-legacy-parameter-error.json'];
    const { result } = await chat(t, ids, (completions, model) =>
      completions.create({ model, messages, max_tokens: 10 }).catch(describeError),
    );
    assert.match(JSON.stringify(result), /max_completion_tokens/);
  });
});
