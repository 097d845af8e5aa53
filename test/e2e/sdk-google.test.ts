import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import { callBothWays, collect, describeError, recordingOf } from '../support/call-both-ways.ts';

/** Asks Gemini both ways; the upstream answers with those recordings in turn. */
function ask<T>(
  t: TestContext,
  ids: string[],
  call: (client: GoogleGenAI, model: string) => Promise<T>,
) {
  const answers = ids.map(recordingOf);
  return callBothWays(t, { type: 'GOOGLE', answers }, ({ url, apiKey, model }) =>
    call(new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }), model),
  );
}

const contents = 'What is the weather in Paris?';
const parametersJsonSchema = { type: 'object', properties: { location: { type: 'string' } } };
const functionDeclarations = [{ name: 'get_weather', parametersJsonSchema }];
const config = { tools: [{ functionDeclarations }] };

describe('API-3, API-6: the Google SDK', () => {
  test('a plain answer with thoughts is the one that the provider gave', async (t) => {
    const ids = ['lingua/reasoningRequest/google/response.json'];
    const { seen, lines } = await ask(t, ids, (client, model) =>
      client.models.generateContent({ model, contents }),
    );
    assert.equal(seen[0]?.url, '/v1beta/models/slug-1:generateContent');
    assert.ok((lines[0]?.tokens?.['reasoning'] ?? 0) > 0);
  });

  test('a stream arrives chunk by chunk', async (t) => {
    const ids = ['lingua/reasoningRequest/google/response-streaming.json'];
    const { result, seen } = await ask(t, ids, (client, model) =>
      collect(client.models.generateContentStream({ model, contents })),
    );
    assert.equal(seen[0]?.url, '/v1beta/models/slug-1:streamGenerateContent?alt=sse');
    assert.ok(result.at(-1)?.usageMetadata);
  });

  test('a chat calls a function, and keeps its history over streams', async (t) => {
    const ids = [
      'lingua/toolCallRequest/google/response-streaming.json',
      'lingua/toolCallRequest/google/followup-response-streaming.json',
    ];
    const { result } = await ask(t, ids, async (client, model) => {
      const chat = client.chats.create({ model, config });
      const chunks = await collect(chat.sendMessageStream({ message: contents }));
      const [call] = chunks.flatMap(({ functionCalls }) => functionCalls ?? []);
      assert.ok(call);
      const functionResponse = { name: call.name ?? '', response: { output: '18 degrees' } };
      await collect(chat.sendMessageStream({ message: [{ functionResponse }] }));
      return chat.getHistory();
    });
    const parts = result.flatMap(({ parts }) => parts ?? []);
    assert.ok(parts.some(({ functionCall }) => functionCall));
    assert.ok(parts.some(({ functionResponse }) => functionResponse));
    assert.equal(result.at(-1)?.role, 'model');
  });

  test('a plain chat sends the signatures of thoughts back unchanged', async (t) => {
    const folder = 'lingua/toolCallRequest/google';
    const ids = [`${folder}/response.json`, `${folder}/followup-response.json`];
    const { seen } = await ask(t, ids, async (client, model) => {
      const chat = client.chats.create({ model, config });
      const first = await chat.sendMessage({ message: contents });
      const name = first.functionCalls?.[0]?.name ?? '';
      await chat.sendMessage({ message: [{ functionResponse: { name, response: {} } }] });
      return chat.getHistory();
    });
    assert.match(seen[1]!.body.toString(), /"thoughtSignature":"/);
  });

  test('tokens are counted free of charge', async (t) => {
    const ids = [
      'cassettes/pydantic/test_google/test_google_vertexai_count_tokens_forwards_native_tools.json#1',
    ];
    const { result, lines } = await ask(t, ids, (client, model) =>
      client.models.countTokens({ model, contents }),
    );
    assert.ok((result.totalTokens ?? 0) > 0);
    assert.equal(lines[0]?.['cost_nanos_usd'], 0);
  });

  test('embeddings are asked in a batch, each naming the slug', async (t) => {
    const ids = ['cassettes/pydantic/test_embeddings/TestGoogle.test_instrumentation.json#1'];
    const { result, seen } = await ask(t, ids, (client, model) =>
      client.models.embedContent({ model, contents: ['one', 'two'] }),
    );
    assert.ok((result.embeddings?.[0]?.values?.length ?? 0) > 100);
    assert.equal(seen[0]?.body.toString().match(/"model":"models\/slug-1"/g)?.length, 2);
  });

  test('an error has the class and the words of the provider', async (t) => {
    const ids = ['vercel-ai/google/google-429-retry-info.json'];
    const { result } = await ask(t, ids, (client, model) =>
      client.models.generateContent({ model, contents }).catch(describeError),
    );
    assert.match(JSON.stringify(result), /RESOURCE_EXHAUSTED/);
  });
});
