import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type Content, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { DIALECT_IDS } from '../support/dialect-upstreams.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { SIGNED, signedAnswer, THOUGHT } from '../support/signed-answers.ts';
import { startProxy } from '../support/start-proxy.ts';

/** Asks a model, and gives what hands in the results of its calls to that model or another. */
type Client = (
  url: string,
  model: string,
  isStream: boolean,
) => Promise<(model: string) => Promise<unknown>>;

const QUESTION = 'Look and hear.';
const PARAMETERS = { type: 'object', properties: {} } as const;
const TOOLS = ['look', 'hear'].map((name) => ({ name, description: `To ${name}.` }));
const RESULT = 'done';

/** How the official SDKs are used: what the model said is put behind the question as it came. */
const CLIENTS: Readonly<Record<DialectId, Client>> = {
  async 'openai-chat'(url, model, isStream) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
    const ask = (name: string, messages: OpenAI.ChatCompletionMessageParam[]) => ({
      model: name,
      messages,
      reasoning_effort: 'low' as const,
      tools: TOOLS.map((tool) => ({
        type: 'function' as const,
        function: { ...tool, parameters: PARAMETERS },
      })),
    });
    const question = { role: 'user' as const, content: QUESTION };
    const answer = isStream
      ? await client.chat.completions.stream(ask(model, [question])).finalChatCompletion()
      : await client.chat.completions.create(ask(model, [question]));
    const [choice] = answer.choices;
    assert.ok(choice);
    const results = (choice.message.tool_calls ?? []).map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: RESULT,
    }));
    return (next) =>
      client.chat.completions.create(ask(next, [question, choice.message, ...results]));
  },

  async 'openai-responses'(url, model, isStream) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
    const ask = (name: string, input: OpenAI.Responses.ResponseInput) => ({
      model: name,
      input,
      store: false,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
      tools: TOOLS.map((tool) => ({
        type: 'function' as const,
        ...tool,
        parameters: PARAMETERS,
        strict: false,
      })),
    });
    const question = { role: 'user' as const, content: QUESTION };
    const { output } = isStream
      ? await client.responses.stream(ask(model, [question])).finalResponse()
      : await client.responses.create(ask(model, [question]));
    const results = output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: RESULT }]
        : [],
    );
    const history = output as OpenAI.Responses.ResponseInput;
    return (next) => client.responses.create(ask(next, [question, ...history, ...results]));
  },

  async 'anthropic-messages'(url, model, isStream) {
    const client = new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });
    const ask = (name: string, messages: Anthropic.MessageParam[]) => ({
      model: name,
      max_tokens: 20_000,
      messages,
      thinking: { type: 'adaptive' as const },
      output_config: { effort: 'low' as const },
      tools: TOOLS.map((tool) => ({ ...tool, input_schema: PARAMETERS })),
    });
    const question = { role: 'user' as const, content: QUESTION };
    const { content } = isStream
      ? await client.messages.stream(ask(model, [question])).finalMessage()
      : await client.messages.create(ask(model, [question]));
    const results = content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: RESULT }]
        : [],
    );
    return (next) =>
      client.messages.create(
        ask(next, [question, { role: 'assistant', content }, { role: 'user', content: results }]),
      );
  },

  async 'google-generate-content'(url, model, isStream) {
    const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: url } });
    const config = {
      thinkingConfig: { includeThoughts: true },
      tools: [
        {
          functionDeclarations: TOOLS.map((tool) => ({
            ...tool,
            parametersJsonSchema: PARAMETERS,
          })),
        },
      ],
    };
    const chat = client.chats.create({ model, config });
    if (isStream) {
      for await (const _ of await chat.sendMessageStream({ message: QUESTION }));
    } else await chat.sendMessage({ message: QUESTION });
    const history = chat.getHistory();
    const calls = history.flatMap(({ parts = [] }) =>
      parts.flatMap(({ functionCall }) => functionCall ?? []),
    );
    const results: Content = {
      role: 'user',
      parts: calls.map(({ id, name }) => ({
        functionResponse: { ...(id && { id }), name: name ?? '', response: { output: RESULT } },
      })),
    };
    return (next) =>
      client.models.generateContent({ model: next, config, contents: [...history, results] });
  },
};

/** A proxy to an upstream of each dialect that signs, as the models `own-…` and `other-…`. */
async function start(t: TestContext) {
  const sent: JsonObject[] = [];
  const providers: JsonObject = {};
  const models: JsonObject = {};
  for (const dialect of DIALECT_IDS) {
    const upstream = await fakeUpstream(t, ({ url, body }) => {
      const request: JsonObject = JSON.parse(body.toString());
      sent.push(request);
      return signedAnswer(dialect, request['stream'] === true || url.includes('stream'));
    });
    providers[dialect] = {
      type: 'CUSTOM',
      base_url: upstream.url,
      config: { dialects: [dialect] },
    };
    models[dialect] = { provider: dialect, slug: SIGNED[dialect].slug, pricing: 'none' };
  }
  const proxy = await startProxy(t, { providers, models });
  return { proxy, takeLast: () => sent.splice(0).at(-1) ?? {} };
}

/** The next request holds the state as it was where it goes home, and nothing of it elsewhere. */
function assertKept(request: JsonObject, first: DialectId, next: DialectId): void {
  const { findState, state, secrets } = SIGNED[first];
  if (next === first) {
    assert.deepEqual(findState(request), state, `${first} and back`);
    return;
  }
  const text = JSON.stringify(request);
  // An envelope in base64 is one all the same.
  const envelope = Buffer.from('sbx1.').toString('base64').slice(0, 6);
  for (const secret of [...secrets, THOUGHT, 'sbx1.', envelope]) {
    assert.ok(!text.includes(secret), `${first} to ${next}: ${text}`);
  }
}

describe('signed reasoning on its way through a client', () => {
  for (const surface of DIALECT_IDS) {
    for (const isStream of [false, true]) {
      // Its SDK keeps the last delta of members that it does not know; signatures.test.ts of its dialect
      // puts them together, as clients do that know them.
      if (surface === 'openai-chat' && isStream) continue;
      test(`X-15 to X-19, X-83: ${surface}, ${isStream ? 'streamed' : 'whole'}: its provider gets it back as it was, others nothing of it`, async (t) => {
        const { proxy, takeLast } = await start(t);
        for (const first of DIALECT_IDS) {
          const handIn = await CLIENTS[surface](proxy.url, first, isStream);
          takeLast();
          for (const next of DIALECT_IDS) {
            await handIn(next);
            assertKept(takeLast(), first, next);
          }
        }
      });
    }
  }
});
