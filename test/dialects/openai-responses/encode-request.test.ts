import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../src/core/gateway-error.ts';
import type {
  Block,
  ChatRequest,
  FunctionTool,
  ServerTool,
  TextBlock,
  Turn,
} from '../../../src/dialects/ir/chat-request.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import type { ModelCaps } from '../../../src/dialects/model-caps.ts';
import { encodeRequest } from '../../../src/dialects/openai-responses/encode-request.ts';
import { chatRequest, encodeTarget } from './targets.ts';

interface Encoded {
  body: JsonObject;
  warnings: readonly string[];
}

function encode(
  given: Partial<ChatRequest>,
  { model = 'gpt-5.4', caps = {} }: { model?: string; caps?: Partial<ModelCaps> } = {},
): Encoded {
  const target = encodeTarget(model, caps);
  const { body } = encodeRequest(chatRequest(given), target);
  return { body, warnings: target.losses.warnings };
}

function refusalOf(given: Partial<ChatRequest>, caps: Partial<ModelCaps> = {}) {
  try {
    encode(given, { caps });
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return [error.code, error.param];
  }
  throw new assert.AssertionError({ message: 'the request was taken' });
}

const text = (words: string, marked = false): TextBlock => ({
  type: 'text',
  text: words,
  citations: [],
  cache: marked ? { ttl: undefined } : undefined,
});
const user = (...blocks: Block[]): Turn => ({ role: 'user', blocks });
const assistant = (...blocks: Block[]): Turn => ({ role: 'assistant', blocks });
const call = (id: string, args = '{"a":1.0}', kind: 'function' | 'custom' = 'function'): Block => ({
  type: 'tool_call',
  id,
  name: 'f',
  arguments: args,
  kind,
  signature: undefined,
  cache: undefined,
});
const result = (callId: string, content: TextBlock[], isError = false): Block => ({
  type: 'tool_result',
  callId,
  name: undefined,
  content,
  isError,
  cache: undefined,
});
const image = (base64 = 'AAAA'): Block => ({
  type: 'image',
  source: { kind: 'base64', mime: 'image/png', base64 },
  detail: undefined,
  cache: undefined,
});
const fn = (more: Partial<FunctionTool> = {}): FunctionTool => ({
  type: 'function',
  name: 'f',
  description: 'd',
  parameters: { type: 'object', properties: { a: { type: 'number' } } },
  strict: undefined,
  cache: undefined,
  hints: [],
  ...more,
});
const server = (more: Partial<ServerTool>): ServerTool => ({
  type: 'server',
  tool: 'web_search',
  allowedDomains: undefined,
  blockedDomains: undefined,
  maxUses: undefined,
  userLocation: undefined,
  contextSize: undefined,
  native: { dialect: 'anthropic-messages', raw: {} },
  ...more,
});

describe('responses request encoder', () => {
  test('plain instructions are a field, and later ones stay in their place', () => {
    const later: Turn = { role: 'system', blocks: [text('later')] };
    const { body } = encode({
      system: [text('a'), text(''), text('b')],
      turns: [user(text('hi')), later, user(text('go'))],
    });
    assert.equal(body['instructions'], 'a\n\nb');
    assert.deepEqual(
      asObjects(body['input']).map(({ role }) => role),
      ['user', 'developer', 'user'],
    );
  });

  test('marked instructions are items, and the latest three marks are kept', () => {
    const system = [text('a', true), text('b', true)];
    const turns = [user(text('c', true), text('d')), user(text('e', true))];
    const { body } = encode({ system, turns }, { model: 'gpt-5.6' });
    assert.equal(body['instructions'], undefined);
    const parts = asObjects(body['input']).flatMap(({ content }) => asObjects(content));
    const marked = parts.filter((part) => part['prompt_cache_breakpoint']);
    assert.deepEqual(
      marked.map((part) => part['text']),
      ['b', 'c', 'e'],
    );
    const unmarked = encode({ system, turns });
    assert.equal(unmarked.body['instructions'], 'a\n\nb');
    assert.deepEqual(unmarked.warnings, ['dropped;field=cache_control']);
  });

  test('outputs stand before the message, and a failure is said in words', () => {
    const { body } = encode({
      turns: [
        user(text('go')),
        assistant(text('ok'), call('c1'), call('c2', 'raw', 'custom'), call('c3', '')),
        user(
          result('c1', [text('one'), text('two')]),
          result('c2', [text('no such file')], true),
          result('c3', [text('Error: x')], true),
          text('and?'),
        ),
      ],
    });
    const [, said, f, g, h, ...rest] = asObjects(body['input']);
    assert.deepEqual(said, { type: 'message', role: 'assistant', content: 'ok' });
    const called = { call_id: 'c1', name: 'f', arguments: '{"a":1.0}' };
    assert.deepEqual(f, { type: 'function_call', ...called });
    assert.deepEqual(
      [g?.['type'], g?.['input'], h?.['arguments']],
      ['custom_tool_call', 'raw', '{}'],
    );
    assert.deepEqual(
      rest.map(({ type, output }) => [type, output]),
      [
        ['function_call_output', 'one\ntwo'],
        ['custom_tool_call_output', 'Error: no such file'],
        ['function_call_output', 'Error: x'],
        ['message', undefined],
      ],
    );
  });

  test('X-40, X-41: media, also inside of a tool result, and links stay links', () => {
    const pdf: Block = {
      type: 'document',
      source: { kind: 'base64', mime: 'application/pdf', base64: 'JVBERg==' },
      title: 'a.pdf',
      context: undefined,
      cache: undefined,
    };
    const link: Block = {
      ...image(),
      source: { kind: 'url', url: 'https://x.test/a', mime: undefined },
    } as Block;
    const shot = { ...result('c1', []), content: [text('shot'), image()] } as Block;
    const { body } = encode({
      turns: [user(text('x'), image(), link, pdf), assistant(call('c1')), user(shot)],
    });
    const [message, , output] = asObjects(body['input']);
    assert.deepEqual(message?.['content'], [
      { type: 'input_text', text: 'x' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
      { type: 'input_image', image_url: 'https://x.test/a', detail: 'auto' },
      {
        type: 'input_file',
        filename: 'a.pdf',
        file_data: 'data:application/pdf;base64,JVBERg==',
      },
    ]);
    assert.deepEqual(
      asObjects(output?.['output']).map(({ type }) => type),
      ['input_text', 'input_image'],
    );
  });

  test('audio, files of an account and media that the model does not take are refused', () => {
    const audio = { ...image(), type: 'audio' } as Block;
    const file = {
      ...image(),
      source: { kind: 'file', dialect: 'openai-chat', id: 'file-1' },
    } as Block;
    const turns = (block: Block) => ({ turns: [user(block)] });
    assert.deepEqual(refusalOf(turns(audio)), ['unsupported_capability', 'audio']);
    assert.deepEqual(refusalOf(turns(file)), ['unsupported_parameter', 'file_id']);
    assert.deepEqual(refusalOf(turns(image()), { input: [] }), ['unsupported_capability', 'image']);
  });

  test('X-08, X-20: calls and results keep one fitting id, and no item id is made up', () => {
    const long = `toolu_${'x'.repeat(60)}`;
    const { body } = encode({ turns: [assistant(call(long)), user(result(long, [text('1')]))] });
    const [called, output] = asObjects(body['input']);
    assert.equal(called?.['call_id'], output?.['call_id']);
    assert.ok(String(called?.['call_id']).length <= 40);
    assert.equal(called?.['id'], undefined);
  });

  test('X-36: parameters and strict are always said', () => {
    const { body } = encode({ tools: [fn(), fn({ name: 'g', parameters: undefined })] });
    assert.deepEqual(
      asObjects(body['tools']).map(({ parameters, strict }) => [parameters, strict]),
      [
        [{ type: 'object', properties: { a: { type: 'number' } } }, false],
        [{ type: 'object', properties: {} }, false],
      ],
    );
  });

  test('names are fitted everywhere, hints are lost, and duplicates refused', () => {
    const odd = 'my tool!';
    const target = encodeTarget();
    const { body, toolNames } = encodeRequest(
      chatRequest({
        tools: [fn({ name: odd, hints: ['tools[0].defer_loading'] })],
        toolChoice: { mode: 'named', name: odd, kind: 'function' },
        turns: [assistant({ ...call('c'), name: odd } as Block), user(result('c', []))],
      }),
      target,
    );
    assert.deepEqual([...toolNames], [['my_tool_', odd]]);
    assert.deepEqual(body['tool_choice'], { type: 'function', name: 'my_tool_' });
    assert.equal(asObjects(body['input'])[0]?.['name'], 'my_tool_');
    assert.deepEqual(target.losses.warnings, ['dropped;field=tools[0].defer_loading']);
    assert.deepEqual(refusalOf({ tools: [fn(), fn()] }), ['invalid_request', 'tools']);
  });

  test('X-47: custom and hosted tools are themselves, foreign native ones refused', () => {
    const { body, warnings } = encode({
      tools: [
        { type: 'custom', name: 'g', description: undefined, format: { type: 'text' } },
        server({ allowedDomains: ['a.b'], maxUses: 3, userLocation: { city: 'Oslo' } }),
        server({ tool: 'code' }),
      ],
    });
    assert.deepEqual(body['tools'], [
      { type: 'custom', name: 'g', format: { type: 'text' } },
      {
        type: 'web_search',
        filters: { allowed_domains: ['a.b'] },
        user_location: { type: 'approximate', city: 'Oslo' },
      },
      { type: 'code_interpreter', container: { type: 'auto' } },
    ]);
    assert.deepEqual(warnings, ['dropped;field=tools[1].max_uses']);
    const native = { dialect: 'anthropic-messages', raw: {} } as const;
    const refused: ChatRequest['tools'][] = [
      [{ type: 'native', word: 'computer', native }],
      [server({ tool: 'web_fetch' })],
    ];
    for (const tools of refused) {
      assert.deepEqual(refusalOf({ tools }), ['unsupported_parameter', 'tools[0].type']);
    }
  });

  test('X-38: choices among the tools, and none where there are none', () => {
    const tools = [
      fn(),
      { type: 'custom', name: 'g', description: undefined, format: undefined },
    ] as const;
    const choices: [NonNullable<ChatRequest['toolChoice']>, unknown][] = [
      [{ mode: 'required' }, 'required'],
      [
        { mode: 'named', name: 'g', kind: 'function' },
        { type: 'custom', name: 'g' },
      ],
      [
        { mode: 'allowed', required: false, names: ['f', 'g'] },
        {
          type: 'allowed_tools',
          mode: 'auto',
          tools: [
            { type: 'function', name: 'f' },
            { type: 'custom', name: 'g' },
          ],
        },
      ],
      // By the type that the tool is declared with: a choice of any other is refused.
      [{ mode: 'server', tool: 'web_search' }, { type: 'web_search' }],
    ];
    for (const [toolChoice, expected] of choices) {
      assert.deepEqual(encode({ tools: [...tools], toolChoice }).body['tool_choice'], expected);
    }
    const { body } = encode({ toolChoice: { mode: 'required' }, parallelToolCalls: false });
    assert.deepEqual([body['tool_choice'], body['parallel_tool_calls']], [undefined, undefined]);
    assert.equal(
      encode({ tools: [fn()], parallelToolCalls: false }).body['parallel_tool_calls'],
      false,
    );
  });

  test('X-79: own reasoning goes back as it came, all other is left out', () => {
    const summary = [{ type: 'summary_text', text: 's' }];
    const state = { id: 'rs_1', encrypted_content: 'gAAA', summary };
    const reasoning = (family: string, dialect = 'openai-responses'): Block => ({
      type: 'reasoning',
      text: 's',
      kind: 'summary',
      signature: {
        dialect: dialect as 'openai-responses',
        family,
        kind: 'summary+enc',
        value: JSON.stringify(state),
        target: 'self',
      },
    });
    const { body } = encode({
      turns: [
        user(text('a')),
        assistant(
          reasoning('gpt'),
          reasoning('o'),
          reasoning('gpt', 'anthropic-messages'),
          call('c'),
        ),
        user(result('c', [])),
      ],
    });
    const items = asObjects(body['input']).slice(1, -1);
    assert.deepEqual(items[0], { type: 'reasoning', ...state });
    assert.deepEqual(
      items.map(({ type }) => type),
      ['reasoning', 'function_call'],
    );
    assert.deepEqual([body['store'], body['include']], [false, ['reasoning.encrypted_content']]);
    assert.deepEqual(encode({}, { model: 'gpt-4o' }).body['include'], []);
  });

  test('effort is clamped, and a summary comes to those who look', () => {
    const ask = (effort: 'max' | 'low' | undefined, expose: 'none' | 'summary') =>
      encode({ reasoning: { mode: 'effort', effort, budget: undefined, expose } });
    assert.deepEqual(ask('low', 'none').body['reasoning'], { effort: 'low' });
    assert.deepEqual(ask('max', 'summary').body['reasoning'], { effort: 'xhigh', summary: 'auto' });
    assert.deepEqual(ask('max', 'summary').warnings, ['clamped;field=reasoning.effort']);
    assert.equal(ask(undefined, 'none').body['reasoning'], undefined);
    const unverified = encode(
      { reasoning: { mode: 'effort', effort: 'low', budget: undefined, expose: 'summary' } },
      { caps: { reasoning_summary: false } },
    );
    assert.deepEqual(unverified.body['reasoning'], { effort: 'low' });
    const budget = { mode: 'budget', effort: undefined, budget: 8192, expose: 'none' } as const;
    assert.deepEqual(encode({ reasoning: budget }).body['reasoning'], { effort: 'medium' });
    const none = encode({ reasoning: budget }, { model: 'gpt-4o' });
    assert.deepEqual(
      [none.body['reasoning'], none.warnings],
      [undefined, ['dropped;field=reasoning']],
    );
  });

  test('a schema is named, and strict where its dialect leaves it open and it fits', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const ask = (strict: boolean | undefined) => {
      const format = { type: 'schema', name: undefined, schema, strict, description: undefined };
      const output = { ...chatRequest().output, format } as ChatRequest['output'];
      return asObject(encode({ output }).body['text'])['format'];
    };
    const format = { type: 'json_schema', name: 'response', schema };
    assert.deepEqual(ask(undefined), { ...format, strict: true });
    assert.deepEqual(ask(false), { ...format, strict: false });
  });

  test('JSON mode gets the word that it cannot do without', () => {
    const output = { ...chatRequest().output, format: { type: 'json' } as const };
    const hint = {
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: 'Answer in JSON.' }],
    };
    const sent = (fields: Partial<ChatRequest>) => encode({ output, ...fields }).body;
    assert.deepEqual(sent({})['text'], { format: { type: 'json_object' } });
    assert.deepEqual(asObjects(sent({})['input'])[0], hint);
    // The API looks for the word in the input alone.
    const instructed = sent({ system: [text('Some json.')] });
    assert.equal(instructed['instructions'], 'Some json.');
    assert.deepEqual(asObjects(instructed['input'])[0], hint);
    const said = sent({ turns: [{ role: 'user', blocks: [text('As JSON, please.')] }] });
    assert.equal(asObjects(said['input']).length, 1);
  });

  test('a schema whose root is no object is asked for in words', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    const format = {
      type: 'schema' as const,
      name: undefined,
      schema,
      strict: undefined,
      description: undefined,
    };
    const output = { ...chatRequest().output, format };
    const { body, warnings } = encode({ output });
    assert.equal(body['text'], undefined);
    assert.match(String(body['instructions']), /one JSON value only.*"array"/s);
    assert.deepEqual(warnings, ['emulated;field=response_format']);
  });

  test('X-66: sampling is what the client said, as far as it can be', () => {
    const sampling = {
      temperature: 0.2,
      topP: 0.9,
      topK: 4,
      seed: 1,
      presencePenalty: 1,
      frequencyPenalty: 1,
      logitBias: { 1: 2 },
    };
    const plain = encode({ sampling }, { model: 'gpt-4o' });
    assert.deepEqual([plain.body['temperature'], plain.body['top_p']], [0.2, 0.9]);
    const fields = ['top_k', 'seed', 'presence_penalty', 'frequency_penalty', 'logit_bias'];
    assert.deepEqual(
      plain.warnings,
      fields.map((field) => `dropped;field=${field}`),
    );
    const strict = encode({ sampling });
    assert.equal(strict.body['temperature'], undefined);
    assert.ok(strict.warnings.includes('dropped;field=temperature'));
    assert.deepEqual(Object.keys(encode({}).body), ['model', 'input', 'store', 'include']);
  });

  test('X-65: length, stop strings, log probabilities and n', () => {
    const output = { ...chatRequest().output, maxTokens: 5 };
    const { body, warnings } = encode({ output, stop: ['X'], logprobs: { top: 2 } });
    assert.deepEqual(
      [body['max_output_tokens'], body['stop'], body['top_logprobs']],
      [16, undefined, 2],
    );
    assert.deepEqual(warnings, ['raised;field=max_output_tokens', 'emulated;field=stop']);
    assert.deepEqual(body['include'], [
      'reasoning.encrypted_content',
      'message.output_text.logprobs',
    ]);
    assert.deepEqual(refusalOf({ n: 2 }), ['unsupported_parameter', 'n']);
    const modalities = { ...chatRequest().output, modalities: ['text', 'audio'] };
    assert.deepEqual(refusalOf({ output: modalities }), ['unsupported_parameter', 'modalities']);
  });

  test('labels, and a long end user becomes a hash', () => {
    const metadata = { a: 'b' };
    const cache = { key: 'k', ttl: undefined, mark: undefined };
    const { body } = encode({ endUser: 'u'.repeat(129), metadata, tier: 'flex', cache });
    assert.match(String(body['safety_identifier']), /^[0-9a-f]{64}$/);
    assert.deepEqual(
      [body['metadata'], body['service_tier'], body['prompt_cache_key']],
      [metadata, 'flex', 'k'],
    );
  });

  test('X-46, X-48: what a hosted tool did is one text, or its own item', () => {
    const search = (dialect: 'anthropic-messages' | 'openai-responses'): Block => ({
      type: 'server_tool',
      tool: 'web_search',
      id: 'x',
      query: 'rain',
      results: [{ title: 'Rain', url: 'https://x.test' }],
      output: undefined,
      native: { dialect, raw: [{ type: 'web_search_call', id: 'ws_1' }] },
    });
    const { body } = encode({
      turns: [assistant(search('anthropic-messages'), text('Wet.'), search('openai-responses'))],
    });
    const said = { type: 'message', role: 'assistant' };
    assert.deepEqual(body['input'], [
      { ...said, content: '[web search: rain]\nRain https://x.test' },
      { ...said, content: 'Wet.' },
      { type: 'web_search_call', id: 'ws_1' },
    ]);
  });

  test('a last turn of the model is history', () => {
    const { warnings } = encode({ turns: [user(text('a')), assistant(text('b'))] });
    assert.deepEqual(warnings, ['not_continued;field=messages']);
  });

  test('hints of OpenAI dialects go on, foreign ones are lost', () => {
    const { body, warnings } = encode({
      extra: {
        'openai-chat': { store: true, prompt_cache_retention: '24h', prediction: {} },
        'anthropic-messages': { inference_geo: 'eu' },
      },
    });
    assert.deepEqual([body['store'], body['prompt_cache_retention']], [false, '24h']);
    assert.deepEqual(warnings, [
      'dropped;field=store',
      'dropped;field=prediction',
      'dropped;field=inference_geo',
    ]);
  });
});
