import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { startFor } from './ask.ts';

const PARAMETERS = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
};
const WEATHER = { name: 'get_weather', description: 'The weather.' };

async function openai(t: TestContext): Promise<OpenAI> {
  const { url } = await startFor(t);
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });
}

async function anthropic(t: TestContext): Promise<Anthropic> {
  const { url } = await startFor(t);
  return new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 });
}

async function google(t: TestContext): Promise<GoogleGenAI> {
  const { url } = await startFor(t);
  return new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: url } });
}

describe('CFG-9 the OpenAI client on Chat Completions', () => {
  const tools = [{ type: 'function' as const, function: { ...WEATHER, parameters: PARAMETERS } }];

  test('it holds a conversation with a tool', async (t) => {
    const client = await openai(t);
    const user = { role: 'user' as const, content: 'get_weather, please' };
    const first = await client.chat.completions
      .stream({ model: 'm', messages: [user], tools })
      .finalChatCompletion();
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    assert.ok(message && call?.type === 'function');
    assert.equal(call.function.arguments, '{"city":"city"}');
    const result = { role: 'tool' as const, tool_call_id: call.id, content: '21 degrees' };
    const messages = [user, message, result];
    const second = await client.chat.completions.create({ model: 'm', messages, tools });
    assert.equal(second.choices[0]?.message.content, 'The tool answered: 21 degrees');
  });

  test('it streams text with usage, and parses structured output', async (t) => {
    const client = await openai(t);
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const stream = await client.chat.completions.create({
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let total = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      total = chunk.usage?.total_tokens ?? total;
    }
    assert.match(text, /Hello$/);
    assert.equal(total, 2 + Math.ceil(text.length / 4));
    const parsed = await client.chat.completions.parse({
      model: 'm',
      messages,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', strict: true, schema: PARAMETERS },
      },
    });
    assert.deepEqual(parsed.choices[0]?.message.parsed, { city: 'city' });
  });

  test('its errors have the right class', async (t) => {
    const client = await openai(t);
    const failing = (status: number) =>
      client.chat.completions.create({
        model: 'm',
        messages: [{ role: 'user', content: `[[fault status=${status}]]` }],
      });
    await assert.rejects(failing(429), OpenAI.RateLimitError);
    await assert.rejects(failing(404), OpenAI.NotFoundError);
    await assert.rejects(failing(503), OpenAI.InternalServerError);
  });
});

describe('CFG-9 the OpenAI client on Responses', () => {
  const tools = [{ type: 'function' as const, ...WEATHER, parameters: PARAMETERS, strict: false }];

  test('it follows a stream of reasoning, text and calls to its end', async (t) => {
    const client = await openai(t);
    const final = await client.responses
      .stream({
        model: 'm',
        input: '[[reply Wait.]] [[tool get_weather {"city":"Rome"}]]',
        tools,
        reasoning: { effort: 'low', summary: 'auto' },
      })
      .finalResponse();
    const [reasoning, message, call] = final.output;
    assert.ok(reasoning?.type === 'reasoning' && reasoning.encrypted_content);
    assert.ok(message?.type === 'message');
    assert.equal(final.output_text, 'Wait.');
    assert.ok(call?.type === 'function_call');
    assert.equal(call.arguments, '{"city":"Rome"}');
    assert.ok((final.usage?.output_tokens_details.reasoning_tokens ?? 0) > 0);

    const output = { type: 'function_call_output' as const, call_id: call.call_id, output: 'Rain' };
    const input = [{ role: 'user' as const, content: 'Weather?' }, reasoning, call, output];
    const answer = await client.responses.create({ model: 'm', input, tools });
    assert.equal(answer.output_text, 'The tool answered: Rain');
  });

  test('it counts the tokens that the same input is billed', async (t) => {
    const client = await openai(t);
    const asked = { model: 'm', input: 'How many tokens are these?', tools };
    const counted = await client.responses.inputTokens.count(asked);
    const { usage } = await client.responses.create(asked);
    assert.equal(counted.input_tokens, usage?.input_tokens);
  });
});

describe('CFG-9 the OpenAI client on the other routes', () => {
  test('embeddings are unit vectors, alike in both encodings', async (t) => {
    const client = await openai(t);
    const input = ['one', 'two'];
    const asBase64 = await client.embeddings.create({ model: 'm', input, dimensions: 16 });
    const asFloats = await client.embeddings.create({
      model: 'm',
      input,
      dimensions: 16,
      encoding_format: 'float',
    });
    assert.deepEqual(asBase64.data, asFloats.data);
    const vector = asFloats.data[0]?.embedding ?? [];
    assert.equal(vector.length, 16);
    assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
    assert.equal(asFloats.usage.prompt_tokens, 2);
  });

  test('images come as PNG with usage, edits by form', async (t) => {
    const client = await openai(t);
    const made = await client.images.generate({ model: 'gpt-image-1', prompt: 'A cat', n: 2 });
    const bytes = Buffer.from(made.data?.[1]?.b64_json ?? '', 'base64');
    assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
    assert.equal(made.usage?.output_tokens, 544);
    const image = await toFile(bytes, 'cat.png', { type: 'image/png' });
    const edited = await client.images.edit({ model: 'gpt-image-1', image, prompt: 'A dog' });
    assert.equal(edited.usage?.input_tokens_details.image_tokens, 200);
    const stream = await client.images.generate({ prompt: 'A cat', stream: true });
    for await (const event of stream) assert.equal(event.type, 'image_generation.completed');
  });

  test('speech is a WAV file whose transcript is billed by time or by tokens', async (t) => {
    const client = await openai(t);
    const speech = await client.audio.speech.create({
      model: 'tts-1',
      input: 'Hi',
      voice: 'alloy',
    });
    assert.equal(speech.headers.get('content-type'), 'audio/wav');
    const audio = Buffer.from(await speech.arrayBuffer());
    assert.equal(audio.toString('latin1', 8, 12), 'WAVE');
    const file = await toFile(audio, 'hi.wav', { type: 'audio/wav' });
    const timed = await client.audio.transcriptions.create({ model: 'whisper-1', file });
    assert.equal(timed.text, 'Transcript of hi.wav.');
    assert.deepEqual(timed.usage, { type: 'duration', seconds: 1 });
    const counted = await client.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file });
    assert.equal(counted.usage?.type, 'tokens');
    const translated = await client.audio.translations.create({ model: 'whisper-1', file });
    assert.equal(translated.text, 'Transcript of hi.wav.');
  });

  test('completions, moderations and the model list answer', async (t) => {
    const client = await openai(t);
    const { choices } = await client.completions.create({ model: 'm', prompt: ['a', 'b'], n: 2 });
    assert.equal(choices.length, 4);
    const moderation = await client.moderations.create({ input: 'Hello' });
    assert.equal(moderation.results[0]?.flagged, false);
    const { data } = await client.models.list();
    assert.equal(data[0]?.object, 'model');
  });
});

describe('CFG-9 the Anthropic client', () => {
  const tools = [{ ...WEATHER, input_schema: PARAMETERS }];

  test('it holds a conversation with thinking and a tool', async (t) => {
    const client = await anthropic(t);
    const asked = { model: 'm', max_tokens: 1000, tools };
    const user = { role: 'user' as const, content: 'get_weather, please' };
    const first = await client.messages
      .stream({ ...asked, messages: [user], thinking: { type: 'adaptive' } })
      .finalMessage();
    const [thinking, call] = first.content;
    assert.ok(thinking?.type === 'thinking' && thinking.signature && thinking.thinking);
    assert.ok(call?.type === 'tool_use');
    assert.deepEqual(call.input, { city: 'city' });
    assert.equal(first.stop_reason, 'tool_use');
    const result = { type: 'tool_result' as const, tool_use_id: call.id, content: 'Sunny' };
    const messages = [
      user,
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: [result] },
    ];
    const second = await client.messages.create({ ...asked, messages });
    const [text] = second.content;
    assert.equal(text?.type === 'text' && text.text, 'The tool answered: Sunny');
  });

  test('it counts the tokens that the same messages are billed', async (t) => {
    const client = await anthropic(t);
    const asked = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }], tools };
    const counted = await client.messages.countTokens(asked);
    const { usage } = await client.messages.create({ ...asked, max_tokens: 100 });
    assert.equal(counted.input_tokens, usage.input_tokens);
  });

  test('its errors have the right class, also within a stream', async (t) => {
    const client = await anthropic(t);
    const asking = (content: string, stream = false) => ({
      model: 'm',
      max_tokens: 10,
      messages: [{ role: 'user' as const, content }],
      stream,
    });
    await assert.rejects(
      client.messages.create(asking('[[fault status=429]]')),
      Anthropic.RateLimitError,
    );
    const stream = client.messages.stream(asking('[[fault error_in_200]]'));
    await assert.rejects(stream.finalMessage(), Anthropic.APIError);
    const cut = client.messages.stream(asking('[[fault truncate]]'));
    await assert.rejects(cut.finalMessage());
  });

  test('it lists models', async (t) => {
    const { data } = await (await anthropic(t)).models.list();
    assert.equal(data[0]?.type, 'model');
  });
});

describe('CFG-9 the Google client', () => {
  const functionDeclarations = [{ ...WEATHER, parametersJsonSchema: PARAMETERS }];

  test('a chat streams, calls a tool and keeps its history', async (t) => {
    const client = await google(t);
    const chat = client.chats.create({ model: 'm', config: { tools: [{ functionDeclarations }] } });
    const calls = [];
    for await (const chunk of await chat.sendMessageStream({ message: 'get_weather, please' })) {
      calls.push(...(chunk.functionCalls ?? []));
    }
    assert.deepEqual(calls[0]?.args, { city: 'city' });
    const response = { output: 'Snow' };
    const answer = await chat.sendMessage({
      message: [{ functionResponse: { id: calls[0]?.id ?? '', name: 'get_weather', response } }],
    });
    assert.equal(answer.text, 'The tool answered: Snow');
    const history = chat.getHistory().flatMap(({ parts }) => parts ?? []);
    assert.ok(history.some(({ functionCall }) => functionCall !== undefined));
    assert.ok(history.some(({ functionResponse }) => functionResponse !== undefined));
  });

  test('thoughts, forced calls and structured output come in its form', async (t) => {
    const client = await google(t);
    const thinkingConfig = { includeThoughts: true };
    const config = {
      thinkingConfig,
      tools: [{ functionDeclarations }],
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    };
    const forced = await client.models.generateContent({ model: 'm', contents: 'Hi', config });
    const [thought, call] = forced.candidates?.[0]?.content?.parts ?? [];
    assert.equal(thought?.thought, true);
    assert.ok(call?.functionCall && call.thoughtSignature);
    assert.ok((forced.usageMetadata?.thoughtsTokenCount ?? 0) > 0);
    const json = await client.models.generateContent({
      model: 'm',
      contents: 'Hi',
      config: { responseMimeType: 'application/json', responseJsonSchema: PARAMETERS },
    });
    assert.equal(json.text, '{"city":"city"}');
  });

  test('embeddings, token counts, model list and errors', async (t) => {
    const client = await google(t);
    const contents = ['one', 'two'];
    const config = { outputDimensionality: 8 };
    const { embeddings } = await client.models.embedContent({ model: 'm', contents, config });
    assert.deepEqual(
      embeddings?.map(({ values }) => values?.length),
      [8, 8],
    );
    const counted = await client.models.countTokens({ model: 'm', contents: 'Hello' });
    assert.equal(counted.totalTokens, 2);
    const page = await client.models.list();
    assert.equal(page.page[0]?.name, 'models/sim-large');
    const failing = client.models.generateContent({ model: 'm', contents: '[[fault status=400]]' });
    await assert.rejects(failing, (error) => error instanceof ApiError && error.status === 400);
  });
});
