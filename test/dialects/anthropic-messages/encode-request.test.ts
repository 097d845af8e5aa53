import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  ChatRequest,
  MediaSource,
  Tool,
  Turn,
} from '../../../src/dialects/ir/chat-request.ts';
import type { JsonObject } from '../../../src/dialects/json-object.ts';
import { assistant, call, chatRequest, encode, result, text, user } from './messages-kit.ts';

const ADAPTIVE = 'claude-opus-4-8';
const PNG = 'iVBORw0KGgoAAAANSUhEUg==';

function tool(name: string, fields: object = {}): Tool & { type: 'function' } {
  return {
    type: 'function',
    name,
    description: undefined,
    parameters: { type: 'object', properties: {} },
    strict: undefined,
    cache: undefined,
    hints: [],
    ...fields,
  };
}

function image(source: MediaSource, detail?: string) {
  return { type: 'image' as const, source, detail, cache: undefined };
}

function messagesOf(...turns: ChatRequest['turns']) {
  return encode({ turns }).body['messages'];
}

/** The code of the refusal that a request meets. */
function refusalOf(fields: Partial<ChatRequest>, options = {}) {
  try {
    encode(fields, options);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return null;
}

describe('messages request encoder: conversation', () => {
  test('the least request has the limit that this API demands and no sampling (X-66)', () => {
    const { body, warnings } = encode({});
    assert.deepEqual(body, {
      model: 'm',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    });
    assert.deepEqual(warnings, []);
    assert.equal(encode({ stream: true }).body['stream'], true);
  });

  test('X-45: leading instructions stand at the top', () => {
    const system = [text('A'), { ...text('B'), cache: { ttl: '1h' as const } }];
    assert.deepEqual(encode({ system }).body['system'], [
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
  });

  test('X-41: an image URL stays one, inline images are told by their first bytes', () => {
    const url = image({ kind: 'url', url: 'https://a.example/b.png', mime: undefined });
    const inline = image({ kind: 'base64', base64: PNG, mime: undefined });
    assert.deepEqual(messagesOf(user(url, inline)), [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
        ],
      },
    ]);
  });

  test('documents: PDFs, texts and their titles', () => {
    const document = (source: MediaSource | { kind: 'text'; text: string }) => ({
      type: 'document' as const,
      source,
      title: 'T',
      context: undefined,
      cache: undefined,
    });
    const pdf = { kind: 'base64' as const, base64: 'JVBERi0xLjQ=', mime: undefined };
    const csv = { kind: 'base64' as const, base64: 'YSxi', mime: 'text/csv' };
    const sources = [
      { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQ=' },
      { type: 'text', media_type: 'text/plain', data: 'a,b' },
      { type: 'text', media_type: 'text/plain', data: 'words' },
    ];
    assert.deepEqual(
      messagesOf(user(document(pdf), document(csv), document({ kind: 'text', text: 'words' }))),
      [
        {
          role: 'user',
          content: sources.map((source) => ({ type: 'document', source, title: 'T' })),
        },
      ],
    );
  });

  test('media that this API does not take is refused', () => {
    const refused = [
      image({ kind: 'base64', base64: 'AAAA', mime: 'image/tiff' }),
      image({ kind: 'url', url: 'gs://bucket/a.png', mime: undefined }),
      image({ kind: 'file', dialect: 'openai-chat', id: 'file-1', mime: undefined }),
      { ...image({ kind: 'base64', base64: 'AAAA', mime: 'audio/wav' }), type: 'audio' as const },
    ];
    for (const block of refused) {
      assert.equal(refusalOf({ turns: [user(block)] }), 'unsupported_parameter');
    }
    const turns = [user(image({ kind: 'base64', base64: PNG, mime: undefined }))];
    assert.equal(refusalOf({ turns }, { caps: { input: [] } }), 'unsupported_parameter');
  });

  test('a picture that the model made is told as text, for no turn of its own can hold it', () => {
    const picture = image({ kind: 'base64', base64: PNG, mime: 'image/png' });
    const turns = [
      user(text('draw'), picture),
      assistant(text('Here:'), picture),
      user(text('on')),
    ];
    const { body, warnings } = encode({ turns });
    const [asked, answered] = body['messages'] as { content: JsonObject[] }[];
    assert.equal(asked?.content[1]?.['type'], 'image');
    assert.deepEqual(answered?.content, [
      { type: 'text', text: 'Here:' },
      { type: 'text', text: '[image]' },
    ]);
    assert.deepEqual(warnings, ['dropped;field=image']);
  });

  test('X-40: results keep their error and their image', () => {
    const failed = { ...result('b', text('no')), isError: true };
    const shown = result('a', text('see'));
    shown.content.push(image({ kind: 'base64', base64: PNG, mime: 'image/png' }));
    const turns = [
      user(text('go')),
      assistant(call('a'), call('b'), call('c')),
      user(shown, failed, result('c')),
    ];
    const { body } = encode({ turns, tools: [tool('a'), tool('b'), tool('c')] });
    assert.deepEqual((body['messages'] as object[])[2], {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'id_a',
          content: [
            { type: 'text', text: 'see' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          ],
        },
        { type: 'tool_result', tool_use_id: 'id_b', content: 'no', is_error: true },
        { type: 'tool_result', tool_use_id: 'id_c' },
      ],
    });
  });

  test('an error without words gets some, for an empty one is refused', () => {
    const failed = { ...result('a', text(' ')), isError: true };
    const { body } = encode({
      turns: [user(text('go')), assistant(call('a')), user(failed)],
      tools: [tool('a')],
    });
    const [, , last] = body['messages'] as { content: JsonObject[] }[];
    assert.equal(last?.content[0]?.['content'], 'No result provided.');
  });

  test('a mark inside of a result marks the result, unless that has its own', () => {
    const marked = (ttl?: '1h') => ({ ...text('done'), cache: { ttl } });
    const turns = [
      user(text('go')),
      assistant(call('a'), call('b')),
      user(
        { ...result('a', marked()), cache: { ttl: '1h' as const } },
        result('b', marked('1h'), marked(), text('end')),
      ),
    ];
    const { body } = encode({ turns, tools: [tool('a'), tool('b')] });
    const [, , last] = body['messages'] as { content: JsonObject[] }[];
    assert.deepEqual(
      last?.content.map((block) => block['cache_control']),
      [{ type: 'ephemeral', ttl: '1h' }, { type: 'ephemeral' }],
    );
    assert.equal(JSON.stringify(last).split('cache_control').length, 3);
  });

  test('arguments are written digit by digit, malformed ones are wrapped', () => {
    const inputs = ['{"id":12345678901234567890,"x":1.0}', '', 'oops'];
    const calls = inputs.map((args, index) => call(`f${index}`, args));
    const results = inputs.map((_, index) => result(`f${index}`, text('ok')));
    const { json, warnings } = encode({
      turns: [user(text('go')), assistant(...calls), user(...results)],
      tools: inputs.map((_, index) => tool(`f${index}`)),
    });
    for (const input of ['{"id":12345678901234567890,"x":1.0}', '{}', '{"_raw":"oops"}']) {
      assert.ok(json.includes(`"input":${input}`), input);
    }
    assert.deepEqual(warnings, ['wrapped;field=tool_call.arguments']);
  });

  test('X-08: long ids and names are fitted, and the way back is known', () => {
    const id = 'x'.repeat(80);
    const name = 'search the web.now';
    const { body, toolNames } = encode({
      tools: [tool(name)],
      turns: [
        user(text('go')),
        assistant(call(name, '{}', id)),
        user({ ...result(name, text('ok')), callId: id }),
      ],
    });
    const [, called, answered] = body['messages'] as { content: Record<string, string>[] }[];
    const [use] = called?.content ?? [];
    assert.match(use?.['id'] ?? '', /^call_[a-z2-7]{26}$/);
    assert.equal(answered?.content[0]?.['tool_use_id'], use?.['id']);
    assert.equal(use?.['name'], 'search_the_web_now');
    assert.deepEqual([...toolNames], [['search_the_web_now', name]]);
  });

  test('a begun answer is continued, or asked to be where the model cannot', () => {
    const turns = [user(text('go')), assistant(text('It is  \n'))];
    assert.deepEqual((encode({ turns }).body['messages'] as object[])[1], {
      role: 'assistant',
      content: [{ type: 'text', text: 'It is' }],
    });
    const { body, warnings } = encode({ turns }, { slug: ADAPTIVE });
    assert.deepEqual((body['messages'] as object[])[2], {
      role: 'user',
      content: [{ type: 'text', text: 'Continue.' }],
    });
    assert.deepEqual(warnings, ['continued;field=messages']);
  });

  test('a conversation ends with the user, whatever is left of the last turns', () => {
    const greeting = [user(text('go')), assistant(text('It is'))];
    const rolesOf = (turns: Turn[]) =>
      (encode({ turns }, { slug: ADAPTIVE }).body['messages'] as JsonObject[]).map(
        ({ role, content }) => [role, content],
      );
    const asked = ['user', [{ type: 'text', text: 'Continue.' }]];
    assert.deepEqual(rolesOf([...greeting, user(text(' '))]).at(-1), asked);
    assert.deepEqual(rolesOf([user(text('go')), assistant(text(''))]), [
      ['user', [{ type: 'text', text: 'go' }]],
    ]);
    const [unanswered] = rolesOf([user(text('go')), assistant(call('f')), user(text(''))]).slice(
      -1,
    );
    assert.match(JSON.stringify(unanswered), /"tool_use_id":"id_f".*"text":"Continue\."/);
  });

  test('X-18: Claude’s own thinking comes back as it was', () => {
    const own = {
      dialect: 'anthropic-messages' as const,
      family: 'claude',
      target: 'self' as const,
    };
    const thinking = [
      {
        type: 'reasoning' as const,
        kind: 'summary' as const,
        text: 'hm',
        signature: { ...own, kind: 'sig' as const, value: 'EqRk' },
      },
      {
        type: 'reasoning' as const,
        kind: 'redacted' as const,
        text: '',
        signature: { ...own, kind: 'redacted' as const, value: 'EmwK' },
      },
    ];
    const turns = [user(text('go')), assistant(...thinking, text('ok')), user(text('on'))];
    const { body } = encode({ turns });
    assert.deepEqual((body['messages'] as { content: object[] }[])[1]?.content.slice(0, 2), [
      { type: 'thinking', thinking: 'hm', signature: 'EqRk' },
      { type: 'redacted_thinking', data: 'EmwK' },
    ]);
  });

  test('X-46: what another provider’s tool did is told as text', () => {
    const block = {
      type: 'server_tool' as const,
      tool: 'web_search',
      id: 'ws_1',
      query: 'q',
      results: [{ title: 'T', url: 'https://a.example' }],
      output: undefined,
      native: { dialect: 'openai-responses' as const, raw: [] },
    };
    const turns = [user(text('go')), assistant(block), user(text('on'))];
    assert.deepEqual((encode({ turns }).body['messages'] as { content: object[] }[])[1]?.content, [
      { type: 'text', text: '[web search: q]\nT https://a.example' },
    ]);
  });
});

describe('messages request encoder: tools', () => {
  test('X-82: a function tool has an input schema with an object at its root', () => {
    const tools = [tool('f', { description: 'd' }), tool('g', { parameters: undefined })];
    assert.deepEqual(encode({ tools }).body['tools'], [
      { name: 'f', description: 'd', input_schema: { type: 'object', properties: {} } },
      { name: 'g', input_schema: { type: 'object', properties: {} } },
    ]);
  });

  test('hints of tools are dropped with a warning', () => {
    const { warnings } = encode({ tools: [tool('f', { hints: ['tools[0].defer_loading'] })] });
    assert.deepEqual(warnings, ['dropped;field=tools[0].defer_loading']);
  });

  test('strict stays only where the model has structured outputs', () => {
    const parameters = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const tools = [tool('f', { strict: true, parameters })];
    const strictOf = (caps: object) =>
      (encode({ tools }, { caps }).body['tools'] as { strict?: true }[])[0]?.strict;
    assert.equal(strictOf({ structured_outputs: true }), true);
    assert.equal(strictOf({ structured_outputs: false }), undefined);
  });

  test('a custom tool becomes a function with one text', () => {
    const custom = { type: 'custom' as const, name: 'c', description: 'd', format: undefined };
    assert.deepEqual(encode({ tools: [custom] }).body['tools'], [
      {
        name: 'c',
        description: 'd',
        input_schema: {
          type: 'object',
          properties: { input: { type: 'string' } },
          required: ['input'],
        },
      },
    ]);
  });

  test('web search is mapped, an unknown hosted tool and a missing one are refused', () => {
    const search = {
      type: 'server' as const,
      tool: 'web_search' as const,
      allowedDomains: ['a.b'],
      blockedDomains: undefined,
      maxUses: undefined,
      userLocation: { city: 'Ulm' },
      contextSize: 'low',
      native: { dialect: 'openai-responses' as const, raw: {} },
    };
    const { body, warnings } = encode({ tools: [search] });
    assert.deepEqual(body['tools'], [
      {
        type: 'web_search_20250305',
        name: 'web_search',
        allowed_domains: ['a.b'],
        user_location: { city: 'Ulm', type: 'approximate' },
      },
    ]);
    assert.deepEqual(warnings, ['dropped;field=tools[0].search_context_size']);
    const none = { caps: { web_search: false } };
    assert.equal(refusalOf({ tools: [search] }, none), 'unsupported_parameter');
    const { native } = search;
    const files = { type: 'native' as const, word: 'file_search', native };
    assert.equal(refusalOf({ tools: [files] }), 'unsupported_parameter');
  });

  test('X-38: every choice, the allowed set and one call at a time', () => {
    const tools = [tool('f'), tool('g')];
    const choiceOf = (toolChoice: ChatRequest['toolChoice'], parallelToolCalls?: boolean) =>
      encode({ tools, toolChoice, parallelToolCalls }).body['tool_choice'];
    assert.equal(choiceOf(undefined), undefined);
    assert.deepEqual(choiceOf({ mode: 'none' }, false), { type: 'none' });
    assert.deepEqual(choiceOf({ mode: 'required' }), { type: 'any' });
    assert.deepEqual(choiceOf({ mode: 'named', name: 'f', kind: 'function' }), {
      type: 'tool',
      name: 'f',
    });
    assert.deepEqual(choiceOf(undefined, false), { type: 'auto', disable_parallel_tool_use: true });
    const allowed = { mode: 'allowed' as const, required: true, names: ['g'] };
    const { body } = encode({ tools, toolChoice: allowed });
    assert.deepEqual(body['tool_choice'], { type: 'any' });
    assert.deepEqual((body['tools'] as object[]).length, 1);
    const unknown = { ...allowed, names: ['h'] };
    assert.equal(refusalOf({ tools, toolChoice: unknown }), 'invalid_request');
    assert.equal(encode({ toolChoice: { mode: 'required' } }).body['tool_choice'], undefined);
    assert.equal(refusalOf({ tools: [tool('f'), tool('f')] }), 'invalid_request');
  });

  test('calls of the history are declared where the request has no tools', () => {
    const turns = [user(text('go')), assistant(call('f')), user(result('f', text('ok')))];
    const { body } = encode({ turns });
    assert.deepEqual(body['tools'], [
      { name: 'f', input_schema: { type: 'object', additionalProperties: true } },
    ]);
    assert.deepEqual(body['tool_choice'], { type: 'none' });
  });
});

describe('messages request encoder: thinking', () => {
  const control = (fields: object): ChatRequest['reasoning'] => ({
    mode: 'effort',
    effort: 'high',
    budget: undefined,
    expose: 'summary',
    ...fields,
  });
  const budget = (tokens: number) => control({ mode: 'budget', effort: undefined, budget: tokens });

  test('adaptive models take an effort', () => {
    const sent = (reasoning: ChatRequest['reasoning'], slug = ADAPTIVE) => {
      const { body, warnings } = encode({ reasoning }, { slug });
      return [body['thinking'], body['output_config'], ...warnings];
    };
    const shown = { type: 'adaptive', display: 'summarized' };
    assert.deepEqual(sent(control({})), [shown, { effort: 'high' }]);
    assert.deepEqual(sent(control({ expose: 'none' })), [
      { type: 'adaptive', display: 'omitted' },
      { effort: 'high' },
    ]);
    assert.deepEqual(sent(control({ mode: 'auto', effort: undefined })), [shown, undefined]);
    assert.deepEqual(sent(control({ mode: 'off', effort: undefined })), [
      { type: 'disabled' },
      undefined,
    ]);
    assert.deepEqual(sent(budget(5000)), [shown, { effort: 'medium' }]);
    assert.deepEqual(sent(control({ effort: 'minimal' })), [
      shown,
      { effort: 'low' },
      'clamped;field=reasoning.effort',
    ]);
    assert.deepEqual(sent(control({ mode: 'off', effort: undefined }), 'claude-fable-5'), [
      undefined,
      { effort: 'low' },
      'clamped;field=reasoning.effort',
    ]);
  });

  test('X-39: a budget leaves room for the answer, X-67: an effort becomes one', () => {
    const sent = (reasoning: ChatRequest['reasoning'], maxTokens?: number) => {
      const { output } = chatRequest();
      const { body, warnings } = encode({ reasoning, output: { ...output, maxTokens } });
      return [body['thinking'], body['max_tokens'], ...warnings];
    };
    const enabled = (budget_tokens: number) => ({ type: 'enabled', budget_tokens });
    assert.deepEqual(sent(budget(2000), 10_000), [enabled(2000), 10_000]);
    assert.deepEqual(sent(budget(32_000), 10_000), [enabled(8000), 10_000]);
    assert.deepEqual(sent(control({ effort: 'medium' })), [enabled(8192), 40_192]);
    assert.deepEqual(sent(control({ effort: 'low' }), 1000), [
      { type: 'disabled' },
      1000,
      'dropped;field=reasoning',
    ]);
    assert.deepEqual(sent(control({ mode: 'off', effort: undefined })), [
      { type: 'disabled' },
      32_000,
    ]);
  });

  test('models that cannot think are not told to', () => {
    const { body, warnings } = encode({ reasoning: control({}) }, { slug: 'claude-3-haiku' });
    assert.equal(body['thinking'], undefined);
    assert.deepEqual(warnings, ['dropped;field=reasoning']);
  });

  test('X-37: a forced call wins over thinking, or becomes a free one', () => {
    const fields = {
      reasoning: control({}),
      tools: [tool('f')],
      toolChoice: { mode: 'required' as const },
    };
    const sent = (slug: string) => {
      const { body, warnings } = encode(fields, { slug });
      return [(body['thinking'] as { type: string }).type, body['tool_choice'], ...warnings];
    };
    assert.deepEqual(sent('claude-sonnet-4-5'), [
      'disabled',
      { type: 'any' },
      'dropped;field=reasoning',
    ]);
    assert.deepEqual(sent('claude-fable-5'), [
      'adaptive',
      { type: 'auto' },
      'downgraded;field=tool_choice',
    ]);
    // It thinks whether it is asked to or not, and takes no forced call.
    const { body, warnings } = encode(
      { ...fields, reasoning: undefined },
      { slug: 'claude-opus-5-5' },
    );
    assert.deepEqual(body['tool_choice'], { type: 'auto' });
    assert.deepEqual(warnings, ['downgraded;field=tool_choice']);
  });

  test('JSON without a schema is only asked for where no call can be forced', () => {
    const { output } = chatRequest();
    const json = { output: { ...output, format: { type: 'json' as const } } };
    const { body, jsonTool } = encode(json, { slug: 'claude-opus-5-5' });
    assert.equal(jsonTool, undefined);
    assert.deepEqual([body['tools'], body['tool_choice']], [undefined, undefined]);
    assert.match(JSON.stringify(body['system']), /one JSON value only/);
  });

  test('a tool loop whose thinking is lost goes on without', () => {
    const turns = [user(text('go')), assistant(call('f')), user(result('f', text('ok')))];
    const { body, warnings } = encode({ turns, tools: [tool('f')], reasoning: budget(2000) });
    assert.deepEqual(body['thinking'], { type: 'disabled' });
    assert.deepEqual(warnings, ['dropped;field=reasoning']);
  });
});

describe('messages request encoder: other fields', () => {
  const { output, sampling } = chatRequest();
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const format = {
    type: 'schema' as const,
    name: 'n',
    schema,
    strict: true,
    description: undefined,
  };

  test('a schema is native where the model has structured outputs', () => {
    const { body, jsonTool } = encode({ output: { ...output, format } });
    assert.deepEqual(body['output_config'], { format: { type: 'json_schema', schema } });
    assert.equal(body['tools'], undefined);
    assert.equal(jsonTool, undefined);
  });

  test('else it is asked for, and forced by a tool where there is no other', () => {
    const old = { caps: { structured_outputs: false } };
    const { body, jsonTool } = encode({ output: { ...output, format } }, old);
    assert.equal(jsonTool, 'json_output');
    assert.deepEqual(body['tool_choice'], { type: 'tool', name: 'json_output' });
    assert.match(JSON.stringify(body['system']), /one JSON value only.*"properties/);
    const withTools = encode({ output: { ...output, format }, tools: [tool('f')] }, old);
    assert.equal(withTools.jsonTool, undefined);
    assert.equal((withTools.body['tools'] as object[]).length, 1);
    const json = encode({ output: { ...output, format: { type: 'json' } } });
    assert.equal(json.jsonTool, 'json_output');
  });

  test('the limit is the client’s, the default, or the model’s', () => {
    const limitOf = (maxTokens: number | undefined, caps: object) => {
      const { body, warnings } = encode({ output: { ...output, maxTokens } }, { caps });
      return [body['max_tokens'], ...warnings];
    };
    assert.deepEqual(limitOf(7, {}), [7]);
    assert.deepEqual(limitOf(undefined, { max_output_tokens: 128_000 }), [32_000]);
    assert.deepEqual(limitOf(undefined, { max_output_tokens: 4096 }), [4096]);
    assert.deepEqual(limitOf(9999, { max_output_tokens: 4096 }), [
      4096,
      'clamped;field=max_tokens',
    ]);
  });

  test('sampling: clamped, and dropped for models that refuse it', () => {
    const given = { ...sampling, temperature: 1.5, topK: 5, seed: 1, presencePenalty: 0 };
    const { body, warnings } = encode({ sampling: given });
    assert.deepEqual([body['temperature'], body['top_k'], body['top_p']], [1, 5, undefined]);
    assert.deepEqual(warnings, ['dropped;field=seed', 'clamped;field=temperature']);
    const strict = encode(
      { sampling: { ...sampling, temperature: 1, topP: 1 } },
      { slug: ADAPTIVE },
    );
    assert.deepEqual(
      ['temperature', 'top_p', 'top_k'].map((field) => strict.body[field]),
      [undefined, undefined, undefined],
    );
    assert.deepEqual(strict.warnings, ['dropped;field=temperature', 'dropped;field=top_p']);
  });

  test('stop strings, user and tier', () => {
    const { body, warnings } = encode({ stop: ['END', ' '], endUser: 'u', tier: 'default' });
    assert.deepEqual(body['stop_sequences'], ['END']);
    assert.deepEqual(body['metadata'], { user_id: 'u' });
    assert.equal(body['service_tier'], 'standard_only');
    assert.deepEqual(warnings, ['dropped;field=stop']);
    assert.deepEqual(encode({ tier: 'flex' }).warnings, ['dropped;field=service_tier']);
  });

  test('a user who is named by address, number or at length is sent as a hash', () => {
    const userOf = (endUser: string) =>
      (encode({ endUser }).body['metadata'] as { user_id: string }).user_id;
    const opaque = ['u-1', '0b3e5a52-6d1c-4c0e-9b7a-0f6a6f1f1e11', '4711', 'u'.repeat(256)];
    for (const endUser of opaque) assert.equal(userOf(endUser), endUser);
    const telling = [
      'jane@example.com',
      'Jane <jane@example.com>',
      '+49 (30) 123-4567',
      '03012345678',
    ];
    for (const endUser of [...telling, 'u'.repeat(257)]) {
      assert.match(userOf(endUser), /^[0-9a-f]{64}$/, endUser);
      assert.equal(userOf(endUser), userOf(endUser));
    }
    assert.equal(new Set(telling.map(userOf)).size, telling.length);
  });

  test('what would change the answer’s form is refused', () => {
    assert.equal(refusalOf({ n: 2 }), 'unsupported_parameter');
    assert.equal(refusalOf({ logprobs: { top: 1 } }), 'unsupported_parameter');
    const modalities = ['text', 'audio'];
    assert.equal(refusalOf({ output: { ...output, modalities } }), 'unsupported_parameter');
  });

  test('fields of other APIs are dropped with a warning, or refused where the config is strict', () => {
    const extra = { 'openai-chat': { prediction: {}, store: false } };
    const fields = { extra, output: { ...output, verbosity: 'low' } };
    assert.deepEqual(encode(fields).warnings, [
      'dropped;field=verbosity',
      'dropped;field=prediction',
    ]);
    assert.equal(refusalOf(fields, { isStrict: true }), 'unsupported_parameter');
  });

  test('X-59: at most four marks, the latest of the messages; hours stand before minutes', () => {
    const marked = (words: string, ttl?: '5m' | '1h') => ({ ...text(words), cache: { ttl } });
    const turns = [1, 2, 3, 4].flatMap((index) => [
      user(marked(`q${index}`, index === 4 ? '1h' : undefined)),
      assistant(text(`a${index}`)),
    ]);
    const { body, warnings } = encode({
      system: [marked('A', '1h'), marked('B', '1h')],
      tools: [tool('f', { cache: { ttl: '1h' } })],
      turns: turns.slice(0, -1),
    });
    const hour = { type: 'ephemeral', ttl: '1h' };
    const marksOf = (blocks: unknown) =>
      (blocks as { cache_control?: object }[]).map((block) => block.cache_control);
    assert.deepEqual(marksOf(body['tools']), [hour]);
    assert.deepEqual(marksOf(body['system']), [undefined, hour]);
    const messages = body['messages'] as { role: string; content: unknown }[];
    assert.deepEqual(
      messages.filter(({ role }) => role === 'user').flatMap(({ content }) => marksOf(content)),
      [undefined, undefined, { type: 'ephemeral' }, { type: 'ephemeral' }],
    );
    assert.deepEqual(warnings, ['dropped;field=cache_control']);
    const few = encode({ system: [marked('A'), marked('B')], turns: turns.slice(0, 1) });
    assert.deepEqual(marksOf(few.body['system']), [{ type: 'ephemeral' }, { type: 'ephemeral' }]);
    assert.deepEqual(few.warnings, []);
  });
});
