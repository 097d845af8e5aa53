import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiChatDialect as dialect } from '../../../src/dialects/openai-chat/dialect.ts';
import { call, decode, decodeTurns, text } from './chat-kit.ts';

const PNG = 'iVBORw0KGgo=';
const MARK = { prompt_cache_breakpoint: { mode: 'explicit' } };

describe('decodeRequest: conversation', () => {
  test('the leading system and developer messages are the system, later ones are turns', () => {
    const { system, turns } = decode({
      messages: [
        { role: 'system', content: 'one' },
        { role: 'developer', content: [{ type: 'text', text: 'two', ...MARK }] },
        { role: 'user', content: 'hi' },
        { role: 'system', content: 'three' },
      ],
    });
    assert.deepEqual(system, [text('one'), { ...text('two'), cache: { ttl: undefined } }]);
    assert.deepEqual(turns[1], { role: 'system', blocks: [text('three')] });
  });

  test('a result keeps the mark of its message', () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const [turn] = decodeTurns({ role: 'tool', tool_call_id: 'a', content: 'one', cache_control });
    const [result] = turn?.blocks ?? [];
    assert.ok(result?.type === 'tool_result');
    assert.deepEqual(result.cache, { ttl: '1h' });
  });

  test('the answers to one message’s calls are one turn, the text behind them another', () => {
    const fn = { name: 'f', arguments: '{"n":12345678901234567890}' };
    const turns = decodeTurns(
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: fn }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'go on' },
    );
    assert.deepEqual(turns[0]?.blocks, [call('f', fn.arguments, 'a')]);
    assert.deepEqual(
      turns[1]?.blocks.map(
        (block) => block.type === 'tool_result' && [block.callId, block.content],
      ),
      [
        ['a', [text('one')]],
        ['b', [text('two')]],
      ],
    );
    assert.deepEqual(turns[2]?.blocks, [text('go on')]);
  });

  test('a call of the old form and its result share an id made of the turn', () => {
    const turns = decodeTurns(
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'done' },
    );
    assert.deepEqual(turns[0]?.blocks, [call('f', '{}', 'call_legacy_1')]);
    assert.equal(
      turns[1]?.blocks[0]?.type === 'tool_result' && turns[1].blocks[0].callId,
      'call_legacy_1',
    );
  });

  test('a speaker’s name is kept as a hint under its path', () => {
    const messages = [{ role: 'user', name: 'ann', content: 'hi' }];
    assert.deepEqual(decode({ messages }).extra, { 'openai-chat': { 'messages[0].name': 'ann' } });
  });

  test('a custom call keeps its free text, a refusal is a block of its own', () => {
    const [turn] = decodeTurns({
      role: 'assistant',
      content: [{ type: 'refusal', refusal: 'no' }],
      tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'patch', input: '*** Begin' } }],
    });
    assert.deepEqual(turn?.blocks, [
      { type: 'refusal', text: 'no' },
      { ...call('patch', '*** Begin', 'c'), kind: 'custom' },
    ]);
  });
});

describe('decodeRequest: content parts', () => {
  const media = { detail: undefined, cache: undefined };
  const png = { kind: 'base64', mime: 'image/png', base64: PNG };
  const parts: [title: string, part: object, block: object][] = [
    [
      'image by data URL',
      { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'low' } },
      { type: 'image', source: png, ...media, detail: 'low' },
    ],
    [
      'X-41: image by address',
      { type: 'image_url', image_url: { url: 'https://a.test/b.png' } },
      {
        type: 'image',
        source: { kind: 'url', url: 'https://a.test/b.png', mime: undefined },
        ...media,
      },
    ],
    [
      'audio',
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
      {
        type: 'audio',
        source: { kind: 'base64', mime: 'audio/wav', base64: 'UklGRg==' },
        ...media,
      },
    ],
    [
      'video',
      { type: 'video_url', video_url: { url: 'https://a.test/b.mp4' } },
      {
        type: 'video',
        source: { kind: 'url', url: 'https://a.test/b.mp4', mime: undefined },
        ...media,
      },
    ],
    [
      'PDF with a cache mark of Anthropic’s form',
      {
        type: 'file',
        file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
        cache_control: { type: 'ephemeral', ttl: '1h' },
      },
      {
        type: 'document',
        source: { kind: 'base64', mime: 'application/pdf', base64: 'JVBERg==' },
        title: 'a.pdf',
        context: undefined,
        cache: { ttl: '1h' },
      },
    ],
    [
      'text file',
      { type: 'file', file: { filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' } },
      {
        type: 'document',
        source: { kind: 'text', text: 'hi' },
        title: 'a.txt',
        context: undefined,
        cache: undefined,
      },
    ],
    [
      'audio file by address',
      { type: 'file', file: { filename: 'a.mp3', file_data: 'https://a.test/a.mp3' } },
      {
        type: 'audio',
        source: { kind: 'url', url: 'https://a.test/a.mp3', mime: undefined },
        ...media,
      },
    ],
    [
      'file id',
      { type: 'file', file: { file_id: 'file-1' } },
      {
        type: 'document',
        source: { kind: 'file', dialect: 'openai-chat', id: 'file-1', mime: undefined },
        title: undefined,
        context: undefined,
        cache: undefined,
      },
    ],
  ];
  for (const [title, part, block] of parts) {
    test(title, () => {
      assert.deepEqual(decodeTurns({ role: 'user', content: [part] })[0]?.blocks, [block]);
    });
  }
});

describe('decodeRequest: fields', () => {
  const fields: [
    title: string,
    fields: object,
    part: (r: ReturnType<typeof decode>) => unknown,
    expected: unknown,
  ][] = [
    [
      'X-65: max_completion_tokens wins',
      { max_completion_tokens: 5, max_tokens: 9 },
      (r) => r.output.maxTokens,
      5,
    ],
    ['max_tokens', { max_tokens: 9 }, (r) => r.output.maxTokens, 9],
    ['stop as a text', { stop: 'END' }, (r) => r.stop, ['END']],
    ['stop as a list', { stop: ['a', 'b'] }, (r) => r.stop, ['a', 'b']],
    ['n', { n: 3 }, (r) => r.n, 3],
    ['logprobs', { logprobs: true, top_logprobs: 4 }, (r) => r.logprobs, { top: 4 }],
    ['logprobs off', { logprobs: false, top_logprobs: null }, (r) => r.logprobs, undefined],
    ['effort', { reasoning_effort: 'high' }, (r) => r.reasoning?.effort, 'high'],
    ['no effort', { reasoning_effort: 'none' }, (r) => r.reasoning?.mode, 'off'],
    ['null leaves it to the model', { reasoning_effort: null }, (r) => r.reasoning, undefined],
    ['safety_identifier wins', { safety_identifier: 's', user: 'u' }, (r) => r.endUser, 's'],
    ['user', { user: 'u' }, (r) => r.endUser, 'u'],
    ['cache key', { prompt_cache_key: 'k' }, (r) => r.cache.key, 'k'],
    ['service_tier', { service_tier: 'flex' }, (r) => r.tier, 'flex'],
    ['text alone is no modality', { modalities: ['text'] }, (r) => r.output.modalities, undefined],
    ['audio', { modalities: ['text', 'audio'] }, (r) => r.output.modalities, ['text', 'audio']],
    [
      'usage in the stream',
      { stream_options: { include_usage: true } },
      (r) => r.includeUsage,
      true,
    ],
    ['logit_bias', { logit_bias: { 50256: -100 } }, (r) => r.sampling.logitBias, { 50256: -100 }],
    ['an unknown field is ignored', { frobnicate: 1 }, (r) => r.extra, { 'openai-chat': {} }],
    [
      'hints of OpenAI’s own',
      { store: true, prediction: null },
      (r) => r.extra,
      { 'openai-chat': { store: true } },
    ],
    [
      'json mode',
      { response_format: { type: 'json_object' } },
      (r) => r.output.format,
      { type: 'json' },
    ],
    [
      'a schema that does not say it is strict is not',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', schema: { type: 'object' } },
        },
      },
      (r) => r.output.format,
      {
        type: 'schema',
        name: 'n',
        schema: { type: 'object' },
        strict: false,
        description: undefined,
      },
    ],
    [
      'X-36: a tool that does not say it is strict is not',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      (r) => r.tools.map((tool) => tool.type === 'function' && tool.strict),
      [false],
    ],
    [
      'a grammar has the Responses API’s form',
      {
        tools: [
          {
            type: 'custom',
            custom: {
              name: 'p',
              format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } },
            },
          },
        ],
      },
      (r) => r.tools[0]?.type === 'custom' && r.tools[0].format,
      { type: 'grammar', syntax: 'lark', definition: 'x' },
    ],
    [
      'web search',
      {
        web_search_options: {
          search_context_size: 'low',
          user_location: { approximate: { country: 'DE' } },
        },
      },
      (r) => r.tools[0]?.type === 'server' && [r.tools[0].tool, r.tools[0].userLocation],
      ['web_search', { type: 'approximate', country: 'DE' }],
    ],
    [
      'a tool of an unknown type is left to the encoder to refuse',
      { tools: [{ type: 'code_interpreter' }] },
      (r) => r.tools[0]?.type === 'native' && r.tools[0].word,
      'code_interpreter',
    ],
    [
      'the old functions',
      { functions: [{ name: 'f' }], function_call: { name: 'f' } },
      (r) => r.toolChoice,
      { mode: 'named', name: 'f', kind: 'function' },
    ],
    ['tool_choice word', { tool_choice: 'required' }, (r) => r.toolChoice, { mode: 'required' }],
    [
      'X-38: allowed tools',
      {
        tools: [{ type: 'function', function: { name: 'f' } }],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: {
            mode: 'required',
            tools: [{ type: 'function', function: { name: 'f' } }],
          },
        },
      },
      (r) => r.toolChoice,
      { mode: 'allowed', required: true, names: ['f'] },
    ],
  ];
  for (const [title, body, part, expected] of fields) {
    test(title, () => assert.deepEqual(part(decode(body)), expected));
  }
});

describe('decodeRequest: refusals name the path', () => {
  const refusals: [body: object, param: string][] = [
    [{ messages: [] }, 'messages'],
    [{ messages: 'hi' }, 'messages'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
    [
      { messages: [{ role: 'user', content: [{ type: 'hologram' }] }] },
      'messages[0].content[0].type',
    ],
    [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [{ messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }, 'messages[0].audio'],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'mcp' }] }] },
      'messages[0].tool_calls[0].type',
    ],
    [{ temperature: 'hot' }, 'temperature'],
    [{ reasoning_effort: 'enormous' }, 'reasoning_effort'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [{ tool_choice: 'sometimes' }, 'tool_choice'],
    [
      {
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { tools: [{ type: 'function', function: { name: 'g' } }] },
        },
      },
      'tool_choice.allowed_tools.tools[0]',
    ],
    [{ metadata: { a: 1 } }, 'metadata.a'],
    [{ stop: [1] }, 'stop[0]'],
  ];
  for (const [fields, param] of refusals) {
    test(param, () => {
      const body = { model: 'm', messages: [{ role: 'user', content: 'x' }], ...fields };
      assert.throws(() => dialect.decodeRequest(body, { stream: false }), { status: 400, param });
    });
  }
});
