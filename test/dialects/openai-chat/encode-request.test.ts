import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Block, ChatRequest, Tool } from '../../../src/dialects/ir/chat-request.ts';
import { asObjects } from '../../../src/dialects/json-object.ts';
import { assistant, call, decode, encode, encodeTurns, result, text, user } from './chat-kit.ts';

const image: Block & { type: 'image' } = {
  type: 'image',
  source: { kind: 'base64', mime: 'image/png', base64: 'iVBORw0KGgo=' },
  detail: undefined,
  cache: undefined,
};
const IMAGE_PART = {
  type: 'image_url',
  image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
};
const marked = { ttl: undefined };
const off: ChatRequest['reasoning'] = {
  mode: 'off',
  effort: undefined,
  budget: undefined,
  expose: 'none',
};

function fn(name: string, more: Partial<Tool & { type: 'function' }> = {}): Tool {
  const parameters = { type: 'object', properties: { a: { type: 'string' } } };
  return {
    type: 'function',
    name,
    description: undefined,
    parameters,
    strict: undefined,
    cache: undefined,
    hints: [],
    ...more,
  };
}

describe('encodeRequest: messages', () => {
  test('instructions are one message, of the role that the model knows', () => {
    const system = [text('one'), text('two')];
    const roleOf = (slug: string) => asObjects(encode({ system }, { slug }).body['messages'])[0];
    assert.deepEqual(roleOf('gpt-5.4'), { role: 'developer', content: 'one\n\ntwo' });
    assert.deepEqual(roleOf('llama-3'), { role: 'system', content: 'one\n\ntwo' });
  });

  test('instructions between cache marks are messages of their own where marks are known', () => {
    const system = [{ ...text('one'), cache: marked }, text('two')];
    const prompt_cache_breakpoint = { mode: 'explicit' };
    assert.deepEqual(
      asObjects(encode({ system }, { slug: 'gpt-5.6' }).body['messages']).slice(0, 2),
      [
        { role: 'developer', content: [{ type: 'text', text: 'one', prompt_cache_breakpoint }] },
        { role: 'developer', content: 'two' },
      ],
    );
    const { body, warnings } = encode({ system }, { slug: 'gpt-5.4' });
    assert.equal(asObjects(body['messages'])[0]?.['content'], 'one\n\ntwo');
    assert.deepEqual(warnings, ['dropped;field=cache_control']);
  });

  test('X-59: only the latest three cache marks are kept', () => {
    const blocks = ['a', 'b', 'c', 'd', 'e'].map((word) => ({ ...text(word), cache: marked }));
    const [message] = encodeTurns([user(...blocks)], { slug: 'gpt-5.6' });
    const kept = asObjects(message?.['content']).filter((part) => part['prompt_cache_breakpoint']);
    assert.deepEqual(
      kept.map((part) => part['text']),
      ['c', 'd', 'e'],
    );
  });

  test('tool results come first, then the user’s words', () => {
    assert.deepEqual(
      encodeTurns([
        user(text('go')),
        assistant(text('I '), text('look.'), call('f', '{"a":1}'), call('g', '')),
        user(result('f', text('one'), text('two')), result('g'), text('and?')),
      ]).slice(1),
      [
        {
          role: 'assistant',
          content: 'I look.',
          tool_calls: [
            { id: 'id_f', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            { id: 'id_g', type: 'function', function: { name: 'g', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'id_f', content: 'one\ntwo' },
        { role: 'tool', tool_call_id: 'id_g', content: '' },
        { role: 'user', content: 'and?' },
      ],
    );
  });

  test('a message of calls alone has no content', () => {
    const [, message] = encodeTurns([user(text('go')), assistant(call('f')), user(result('f'))]);
    assert.equal(message?.['content'], null);
  });

  test('a failed tool says so in its words', () => {
    const failed = (words: string) => ({ ...result('f', text(words)), isError: true });
    const wordsOf = (words: string) =>
      encodeTurns([user(text('go')), assistant(call('f')), user(failed(words))])[2]?.['content'];
    assert.equal(wordsOf('no such file'), 'Error: no such file');
    assert.equal(wordsOf('ERROR: no such file'), 'ERROR: no such file');
  });

  test('X-40: images of tool results follow the whole batch in one user message', () => {
    const turns = [
      user(text('go')),
      assistant(call('f'), call('g')),
      user(result('f', text('see'), image, image), result('g', text('two')), text('and?')),
    ];
    const label = (count: number) => `[image ${count} of tool result id_f]`;
    assert.deepEqual(encodeTurns(turns).slice(2), [
      { role: 'tool', tool_call_id: 'id_f', content: `see\n${label(1)}\n${label(2)}` },
      { role: 'tool', tool_call_id: 'id_g', content: 'two' },
      {
        role: 'user',
        content: [
          { type: 'text', text: label(1) },
          IMAGE_PART,
          { type: 'text', text: label(2) },
          IMAGE_PART,
        ],
      },
      { role: 'user', content: 'and?' },
    ]);
    const caps = { multimodal_tool_result: true };
    assert.deepEqual(encodeTurns(turns, { caps })[2]?.['content'], [
      { type: 'text', text: 'see' },
      IMAGE_PART,
      IMAGE_PART,
    ]);
  });

  test('a PDF is a file with its name, a text document is text with its title', () => {
    const document = { type: 'document' as const, context: undefined, cache: undefined };
    const pdf = { kind: 'base64' as const, mime: 'application/pdf', base64: 'JVBERg==' };
    const notes = { kind: 'text' as const, text: 'hi' };
    const [message] = encodeTurns([
      user(
        { ...document, title: 'a.pdf', source: pdf },
        { ...document, title: 'notes', source: notes },
      ),
    ]);
    assert.deepEqual(message?.['content'], [
      {
        type: 'file',
        file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' },
      },
      { type: 'text', text: '[document: notes]\nhi' },
    ]);
  });

  test('X-08: ids that are too long change alike in call and result', () => {
    const id = 'x'.repeat(50);
    const long = { ...result('f'), callId: id };
    const [, asked, answered] = encodeTurns([
      user(text('go')),
      assistant(call('f', '{}', id)),
      user(long),
    ]);
    const [sent] = asObjects(asked?.['tool_calls']);
    assert.match(String(sent?.['id']), /^call_[a-z2-7]{26}$/);
    assert.equal(answered?.['tool_call_id'], sent?.['id']);
  });

  test('X-46: what a provider’s own tool did becomes one text', () => {
    const search: Block = {
      type: 'server_tool',
      tool: 'web_search',
      id: 's',
      query: 'news',
      results: [{ title: 'T', url: 'https://a.test' }],
      output: undefined,
      native: { dialect: 'anthropic-messages', raw: [] },
    };
    const [, message] = encodeTurns([user(text('go')), assistant(search), user(text('and?'))]);
    assert.equal(message?.['content'], '[web search: news]\nT https://a.test');
  });

  test('a last turn of the assistant’s is history, with a warning', () => {
    const { warnings } = encode({ turns: [user(text('go')), assistant(text('{'))] });
    assert.deepEqual(warnings, ['not_continued;field=messages']);
  });
});

describe('encodeRequest: tools', () => {
  test('X-36: a tool is strict only where it says so and its schema allows it', () => {
    const fits = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const { body } = encode({ tools: [fn('f', { strict: true, parameters: fits }), fn('g')] });
    const [f, g] = asObjects(body['tools']).map((tool) => tool['function']);
    assert.deepEqual(f, { name: 'f', parameters: fits, strict: true });
    assert.equal(Object.hasOwn(g as object, 'strict'), false);
  });

  test('a tool without parameters says none; hints are dropped', () => {
    const tools = [fn('f', { parameters: undefined, hints: ['tools[0].defer_loading'] })];
    const { body, warnings } = encode({ tools });
    assert.deepEqual(body['tools'], [{ type: 'function', function: { name: 'f' } }]);
    assert.deepEqual(warnings, ['dropped;field=tools[0].defer_loading']);
  });

  test('a custom tool is a function where only those are known, its calls too', () => {
    const patch: Tool = {
      type: 'custom',
      name: 'patch',
      description: 'Patches.',
      format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
    };
    const request = {
      tools: [patch],
      toolChoice: { mode: 'named', name: 'patch', kind: 'custom' } as const,
      turns: [
        user(text('go')),
        assistant({ ...call('patch', 'free "text"'), kind: 'custom' as const }),
        user(result('patch')),
      ],
    };
    const native = encode(request).body;
    assert.deepEqual(native['tools'], [
      {
        type: 'custom',
        custom: {
          name: 'patch',
          description: 'Patches.',
          format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: x' } },
        },
      },
    ]);
    assert.deepEqual(native['tool_choice'], { type: 'custom', custom: { name: 'patch' } });
    const disguised = encode(request, { slug: 'llama-3' });
    const [tool] = asObjects(disguised.body['tools']);
    assert.equal(tool?.['type'], 'function');
    assert.match(JSON.stringify(tool), /start: x/);
    assert.deepEqual(disguised.body['tool_choice'], {
      type: 'function',
      function: { name: 'patch' },
    });
    const [, message] = asObjects(disguised.body['messages']);
    assert.deepEqual(asObjects(message?.['tool_calls'])[0]?.['function'], {
      name: 'patch',
      arguments: '{"input":"free \\"text\\""}',
    });
  });

  const choices: [choice: ChatRequest['toolChoice'], expected: unknown][] = [
    [{ mode: 'auto' }, 'auto'],
    [{ mode: 'none' }, 'none'],
    [{ mode: 'required' }, 'required'],
    [
      { mode: 'named', name: 'f', kind: 'function' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { mode: 'allowed', required: false, names: ['f'] },
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
    ],
  ];
  for (const [toolChoice, expected] of choices) {
    test(`choice ${JSON.stringify(toolChoice)}`, () => {
      const { body } = encode({ tools: [fn('f')], toolChoice, parallelToolCalls: false });
      assert.deepEqual(body['tool_choice'], expected);
      assert.equal(body['parallel_tool_calls'], false);
    });
  }

  test('without tools there is no choice to make', () => {
    const { body } = encode({ toolChoice: { mode: 'auto' }, parallelToolCalls: true });
    assert.deepEqual(Object.keys(body), ['model', 'messages']);
  });

  test('names that do not fit are changed everywhere, and the way back is told', () => {
    const { body, toolNames } = encode({
      tools: [fn('a.b')],
      toolChoice: { mode: 'named', name: 'a.b', kind: 'function' },
    });
    assert.deepEqual(body['tool_choice'], { type: 'function', function: { name: 'a_b' } });
    assert.deepEqual([...toolNames], [['a_b', 'a.b']]);
  });

  test('web search is asked for where the model has it, else refused', () => {
    const { tools } = decode({ web_search_options: { search_context_size: 'low' } });
    assert.throws(() => encode({ tools }), { code: 'unsupported_parameter', param: 'tools[0]' });
    const { body } = encode({ tools }, { caps: { web_search: true } });
    assert.deepEqual(body['web_search_options'], { search_context_size: 'low' });
    assert.equal(body['tools'], undefined);
  });
});

describe('encodeRequest: fields', () => {
  const output = decode().output;
  const sampling = decode().sampling;
  type Options = Parameters<typeof encode>[1];
  const cases: [
    title: string,
    Partial<ChatRequest>,
    Options,
    members: object,
    warnings?: string[],
  ][] = [
    [
      'X-65: the limit’s name',
      { output: { ...output, maxTokens: 9 } },
      {},
      { max_completion_tokens: 9 },
    ],
    [
      'the limit’s older name',
      { output: { ...output, maxTokens: 9 } },
      { slug: 'llama-3' },
      { max_tokens: 9 },
    ],
    [
      'X-66: sampling goes where it is taken',
      { sampling: { ...sampling, temperature: 0.2, topP: 0.9, seed: 7 } },
      { slug: 'gpt-4.1' },
      { temperature: 0.2, top_p: 0.9, seed: 7 },
    ],
    [
      'X-66: and is dropped where it is refused',
      { sampling: { ...sampling, temperature: 0.2, presencePenalty: 1 } },
      {},
      {},
      ['dropped;field=temperature', 'dropped;field=presence_penalty'],
    ],
    ['top_k', { sampling: { ...sampling, topK: 4 } }, {}, {}, ['dropped;field=top_k']],
    ['several answers', { n: 2 }, {}, { n: 2 }],
    ['logprobs', { logprobs: { top: 3 } }, {}, { logprobs: true, top_logprobs: 3 }],
    ['stop', { stop: ['a'] }, { slug: 'llama-3' }, { stop: ['a'] }],
    ['stop is emulated', { stop: ['a'] }, {}, {}, ['emulated;field=stop']],
    ['effort', { reasoning: effort('high') }, {}, { reasoning_effort: 'high' }],
    [
      'an effort beyond the model’s is clamped',
      { reasoning: effort('max') },
      { slug: 'o3' },
      { reasoning_effort: 'high' },
      ['clamped;field=reasoning_effort'],
    ],
    [
      'X-67: a budget becomes an effort',
      { reasoning: { mode: 'budget', effort: undefined, budget: 8192, expose: 'summary' } },
      {},
      { reasoning_effort: 'medium' },
    ],
    ['X-68: none, where it is known', { reasoning: off }, {}, { reasoning_effort: 'none' }],
    [
      'X-68: none, where it is not',
      { reasoning: off },
      { slug: 'o3' },
      {},
      ['dropped;field=reasoning_effort'],
    ],
    [
      'no reasoning',
      { reasoning: effort('low') },
      { slug: 'gpt-4.1' },
      {},
      ['dropped;field=reasoning'],
    ],
    ['the end user', { endUser: 'u' }, {}, { safety_identifier: 'u' }],
    [
      'the end user elsewhere',
      { endUser: 'u' },
      { slug: 'mistral-large' },
      {},
      ['dropped;field=safety_identifier'],
    ],
    ['tier', { tier: 'flex' }, {}, { service_tier: 'flex' }],
    ['labels', { metadata: { a: 'b' } }, {}, {}, ['dropped;field=metadata']],
    [
      'hints that the Responses API shares',
      { extra: { 'openai-responses': { prompt_cache_retention: '24h', truncation: 'auto' } } },
      {},
      { prompt_cache_retention: '24h' },
      ['dropped;field=truncation'],
    ],
    [
      'a stream asks for usage',
      { stream: true },
      {},
      { stream: true, stream_options: { include_usage: true } },
    ],
    [
      'unless that is unknown',
      { stream: true },
      { caps: { stream_usage: false } },
      { stream: true },
    ],
    [
      'json mode, with the word that it needs',
      { output: { ...output, format: { type: 'json' } } },
      {},
      { response_format: { type: 'json_object' } },
    ],
    [
      'a schema of another dialect is strict if it can be',
      { output: { ...output, format: schemaFormat({ strict: undefined }) } },
      {},
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'response', schema: schema(), strict: true },
        },
      },
    ],
  ];
  for (const [title, fields, options, members, warnings = []] of cases) {
    test(title, () => {
      const { body, ...lost } = encode(fields, options);
      const { model: _model, messages: _messages, ...rest } = body;
      assert.deepEqual(rest, members);
      assert.deepEqual(lost.warnings, warnings);
    });
  }

  test('a long end user is hashed', () => {
    const { body } = encode({ endUser: 'u'.repeat(129) });
    assert.match(String(body['safety_identifier']), /^[0-9a-f]{64}$/);
  });

  test('without structured outputs the schema is an instruction', () => {
    const fields = { output: { ...output, format: schemaFormat({}) } };
    const { body, warnings } = encode(fields, { caps: { structured_outputs: false } });
    assert.deepEqual(body['response_format'], { type: 'json_object' });
    assert.match(String(asObjects(body['messages'])[0]?.['content']), /"required":\["a"\]/);
    assert.deepEqual(warnings, ['emulated;field=response_format']);
  });

  test('a schema whose root is no object is an instruction alone', () => {
    const list = { ...schemaFormat({}), schema: { type: 'array', items: { type: 'string' } } };
    const { body, warnings } = encode({ output: { ...output, format: list } });
    assert.equal(body['response_format'], undefined);
    assert.match(String(asObjects(body['messages'])[0]?.['content']), /"type":"array"/);
    assert.deepEqual(warnings, ['emulated;field=response_format']);
  });

  test('a strict config refuses what would be dropped', () => {
    const fields = { sampling: { ...sampling, topK: 4 } };
    assert.throws(() => encode(fields, { isStrict: true }), { status: 400, param: 'top_k' });
  });

  const refused: [param: string, Partial<ChatRequest>, Options?][] = [
    ['modalities', { output: { ...output, modalities: ['audio'] } }],
    ['max_tokens', { output: { ...output, maxTokens: 0 } }],
    ['video', { turns: [user({ ...image, type: 'video' })] }],
    ['image', { turns: [user(image)] }, { caps: { input: [] } }],
    [
      'image',
      { turns: [user({ ...image, source: { kind: 'url', url: 'gs://a/b', mime: undefined } })] },
    ],
    ['file_id', { turns: [user({ ...image, source: fileOf('openai-responses') })] }],
    [
      'tools[0].mcp',
      { tools: [{ type: 'native', word: 'mcp', native: nativeOf('openai-responses') }] },
    ],
    ['tool_choice', { tools: [fn('f')], toolChoice: { mode: 'server', tool: 'web_search' } }],
  ];
  for (const [param, fields, options] of refused) {
    test(`X-42: ${param} is refused`, () => {
      assert.throws(() => encode(fields, options), { code: 'unsupported_parameter', param });
    });
  }
});

function effort(word: 'low' | 'high' | 'max'): ChatRequest['reasoning'] {
  return { mode: 'effort', effort: word, budget: undefined, expose: 'summary' };
}

function schema() {
  const properties = { a: { type: 'string' } };
  return { type: 'object', properties, required: ['a'], additionalProperties: false };
}

function schemaFormat({ strict }: { strict?: boolean | undefined }) {
  return {
    type: 'schema' as const,
    name: undefined,
    schema: schema(),
    strict,
    description: undefined,
  };
}

function nativeOf(dialect: 'openai-responses') {
  return { dialect, raw: {} };
}

function fileOf(dialect: 'openai-responses') {
  return { kind: 'file' as const, dialect, id: 'file-1', mime: undefined };
}
