import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { type FunctionDeclaration, GoogleGenAI, type Part } from '@google/genai';
import { createTokenUsage } from '../../../src/core/token-usage.ts';
import { googleGenerateContentDialect as dialect } from '../../../src/dialects/google-generate-content/dialect.ts';
import type { ChatRequest, Signature } from '../../../src/dialects/ir/chat-request.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import type { StreamPart } from '../../../src/dialects/ir/stream-part.ts';
import { stringifyWire } from '../../../src/dialects/raw-json.ts';
import { answerTarget, block, finish, START, streamTexts, wire } from './google-kit.ts';

const state: Signature = {
  dialect: 'anthropic-messages',
  family: 'claude',
  kind: 'sig',
  value: 'opaque+/=',
  target: 'self',
};

function usage(): StreamPart {
  const used = createTokenUsage();
  Object.assign(used.tokens, { inText: 3, outText: 5 });
  return { type: 'usage', usage: used, tier: undefined };
}

const CALL: StreamPart[] = [
  START,
  ...block({ type: 'reasoning', kind: 'summary' }, 'Let me ', 'see.', {
    type: 'signature',
    signature: state,
  }),
  ...block({ type: 'text' }, 'One ', 'moment.'),
  ...block(
    { type: 'tool_call', id: 'toolu_1', name: 'weather', kind: 'function' },
    '{"city":"Kyiv"}',
  ),
  ...block(
    { type: 'tool_call', id: 'toolu_2', name: 'weather', kind: 'function' },
    '{"city":"Lviv"}',
  ),
  usage(),
  finish('tool_calls'),
];
const WORDS: StreamPart[] = [
  START,
  ...block({ type: 'text' }, '21 ', '°C'),
  usage(),
  finish('stop'),
];

/** The SDK, talking to a server that answers with these, and what it asked as it was read. */
async function startClient(t: TestContext, answers: StreamPart[][]) {
  const requests: ChatRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const stream = request.url?.includes(':stream') === true;
    const chat = dialect.decodeRequest(wire(Buffer.concat(chunks).toString()), { stream });
    requests.push(chat);
    const parts = answers.shift() ?? [];
    const target = { ...answerTarget(), request: chat };
    if (stream) {
      response.setHeader('content-type', 'text/event-stream');
      for (const event of streamTexts(parts, target)) response.write(event);
      response.end();
    } else {
      response.setHeader('content-type', 'application/json');
      response.end(stringifyWire(dialect.encodeResponse(foldParts(parts), target)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  return { requests, client: new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl } }) };
}

const weather: FunctionDeclaration = {
  name: 'weather',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
};
const config = {
  tools: [{ functionDeclarations: [weather] }],
  thinkingConfig: { includeThoughts: true },
};

function responseTo({ id, name }: { id?: string; name?: string }, output: string): Part {
  return { functionResponse: { ...(id && { id }), ...(name && { name }), response: { output } } };
}

describe('the SDK @google/genai as a client', () => {
  test('keeps a streamed turn in its history and brings all of it back (X-15)', async (t) => {
    const { client, requests } = await startClient(t, [CALL, WORDS]);
    const chat = client.chats.create({ model: 'm', config });
    const calls = [];
    let text = '';
    let tokens: number | undefined;
    for await (const chunk of await chat.sendMessageStream({ message: 'weather?' })) {
      calls.push(...(chunk.functionCalls ?? []));
      text += (chunk.candidates?.[0]?.content?.parts ?? [])
        .map((part) => (part.thought ? '' : (part.text ?? '')))
        .join('');
      tokens = chunk.usageMetadata?.totalTokenCount;
    }
    assert.equal(text, 'One moment.');
    assert.equal(tokens, 8);
    assert.deepEqual(
      calls.map(({ id, args }) => [id, args]),
      [
        ['toolu_1', { city: 'Kyiv' }],
        ['toolu_2', { city: 'Lviv' }],
      ],
    );
    assert.ok(chat.getHistory(true).length > 1);

    const message = [responseTo(calls[0]!, '21'), responseTo(calls[1]!, '19')];
    for await (const _ of await chat.sendMessageStream({ message }));
    const [, asked, answered] = requests[1]?.turns ?? [];
    assert.deepEqual(
      asked?.blocks.map((each) => ('name' in each ? each.name : 'text' in each && each.text)),
      ['Let me see.', 'One moment.', 'weather', 'weather'],
    );
    const [thought] = asked?.blocks ?? [];
    assert.deepEqual(thought?.type === 'reasoning' && thought.signature, state);
    assert.deepEqual(
      answered?.blocks.map((each) => each.type === 'tool_result' && each.callId),
      ['toolu_1', 'toolu_2'],
    );
    assert.equal(chat.getHistory(true).at(-1)?.role, 'model');
  });

  test('reads a whole answer', async (t) => {
    const { client } = await startClient(t, [CALL]);
    const answer = await client.models.generateContent({
      model: 'm',
      contents: 'weather?',
      config,
    });
    assert.deepEqual(
      answer.functionCalls?.map(({ args }) => args?.['city']),
      ['Kyiv', 'Lviv'],
    );
    assert.equal(answer.candidates?.[0]?.finishReason, 'STOP');
    assert.equal(answer.usageMetadata?.totalTokenCount, 8);
    assert.equal(answer.modelVersion, 'claude-sonnet-4-5');
  });
});
