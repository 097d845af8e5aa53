import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI from 'openai';
import {
  callBothWays,
  collect,
  describeError,
  handmade,
  recordingOf,
} from '../support/call-both-ways.ts';
import type { Recording } from '../support/recordings.ts';

/** Asks for responses both ways; the upstream answers with those recordings in turn. */
function respond<T>(
  t: TestContext,
  answers: (string | Recording)[],
  call: (responses: OpenAI['responses'], model: string) => Promise<T>,
) {
  const recordings = answers.map((answer) =>
    typeof answer === 'string' ? recordingOf(answer) : answer,
  );
  return callBothWays(t, { type: 'OPENAI', answers: recordings }, ({ url, apiKey, model }) =>
    call(new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 }).responses, model),
  );
}

const input = 'What is the weather in Paris?';
const parameters = { type: 'object', properties: { location: { type: 'string' } } };
const tools = [{ type: 'function' as const, name: 'get_weather', parameters, strict: false }];

describe('API-1, API-6: the OpenAI SDK on Responses', () => {
  test('a plain answer with reasoning is the one that the provider gave', async (t) => {
    const ids = ['lingua/reasoningRequest/responses/response.json'];
    const { result, lines } = await respond(t, ids, (responses, model) =>
      responses.create({ model, input, reasoning: { effort: 'high', summary: 'auto' } }),
    );
    assert.equal(result.status, 'completed');
    assert.ok((lines[0]?.tokens?.['reasoning'] ?? 0) > 0);
  });

  test('a function is called, and its output sent back with the whole history', async (t) => {
    const ids = [
      'lingua/toolCallRequest/responses/response.json',
      'lingua/toolCallRequest/responses/followup-response.json',
    ];
    const { result } = await respond(t, ids, async (responses, model) => {
      const first = await responses.create({ model, input, tools });
      const call = first.output.find(({ type }) => type === 'function_call');
      assert.ok(call?.type === 'function_call');
      const output = { type: 'function_call_output' as const, call_id: call.call_id, output: '18' };
      const history = [{ role: 'user' as const, content: input }, call, output];
      return [first, await responses.create({ model, tools, input: history })];
    });
    assert.equal(result.length, 2);
  });

  test('a stream arrives event by event', async (t) => {
    const ids = ['lingua/toolCallRequest/responses/response-streaming.json'];
    const { result } = await respond(t, ids, (responses, model) =>
      collect(responses.create({ model, input, tools, stream: true })),
    );
    assert.equal(result.at(-1)?.type, 'response.completed');
  });

  for (const id of [
    'lingua/toolCallRequest/responses/response-streaming.json',
    'lingua/reasoningRequest/responses/response-streaming.json',
    'lingua/responsesCustomToolCallStreamingParam/responses/response-streaming.json',
  ]) {
    test(`the stream helper puts ${id.split('/')[1]} together`, async (t) => {
      const { result } = await respond(t, [id], (responses, model) =>
        responses.stream({ model, input, tools }).finalResponse(),
      );
      assert.equal(result.status, 'completed');
      assert.ok(result.output.length > 0);
    });
  }

  test('input tokens are counted free of charge', async (t) => {
    const counted = { object: 'response.input_tokens', input_tokens: 11 };
    const { result, lines } = await respond(
      t,
      [handmade('responses_input_tokens', counted)],
      (responses, model) => responses.inputTokens.count({ model, input }),
    );
    assert.equal(result.input_tokens, 11);
    assert.equal(lines[0]?.['cost_nanos_usd'], 0);
  });

  test('an error has the class and the words of the provider', async (t) => {
    const ids = ['vercel-ai/openai/responses/openai-error.1.json'];
    const { result } = await respond(t, ids, (responses, model) =>
      responses.create({ model, input }).catch(describeError),
    );
    assert.match(JSON.stringify(result), /429 You exceeded your current quota/);
  });
});
