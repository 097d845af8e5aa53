import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../src/core/gateway-error.ts';
import type { Block } from '../../../src/dialects/ir/chat-request.ts';
import { keepOwnReasoning } from '../../../src/dialects/ir/normalize-turns.ts';
import type { JsonObject } from '../../../src/dialects/json-object.ts';
import { decodeRequest } from '../../../src/dialects/openai-responses/decode-request.ts';
import { sealSignature } from '../../../src/dialects/reasoning-envelope.ts';
import { capturesOf } from '../../support/captures.ts';
import { recordings } from '../../support/recordings.ts';

const decode = (body: JsonObject) =>
  decodeRequest({ model: 'gpt-5.4', ...body }, { stream: false });
const blocksOf = (input: unknown): Block[] =>
  decode({ input }).turns.flatMap((turn) => turn.blocks);
const fn = (name: string, more: JsonObject = {}) => ({ type: 'function', name, ...more });

/** The code and the param of the refusal. */
function refusalOf(body: JsonObject): [code: string, param: string | undefined] {
  try {
    decode(body);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return [error.code, error.param];
  }
  throw new assert.AssertionError({ message: 'the request was taken' });
}

describe('responses request decoder', () => {
  test('instructions come first, then the leading system and developer items', () => {
    const { system, turns } = decode({
      instructions: 'a',
      input: [
        { role: 'developer', content: 'b' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'c' }] },
        { role: 'user', content: 'hi' },
        { role: 'developer', content: 'later' },
      ],
    });
    assert.deepEqual(
      system.map(({ text }) => text),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(
      turns.map(({ role }) => role),
      ['user', 'system'],
    );
  });

  test('a run of reasoning, message and calls is one turn, and so is a run of outputs', () => {
    const { turns } = decode({
      input: [
        { role: 'user', content: 'go' },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
        { role: 'assistant', content: [{ type: 'output_text', text: 'ok', annotations: [] }] },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"n":1.0}' },
        { type: 'custom_tool_call', call_id: 'c2', name: 'g', input: 'free text' },
        { type: 'function_call_output', call_id: 'c1', output: 'one' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: 'two' },
        { role: 'user', content: 'and?' },
      ],
    });
    const shape = turns.map(({ role, blocks }) => [role, ...blocks.map(({ type }) => type)]);
    assert.deepEqual(shape, [
      ['user', 'text'],
      ['assistant', 'reasoning', 'text', 'tool_call', 'tool_call'],
      ['user', 'tool_result', 'tool_result'],
      ['user', 'text'],
    ]);
    const calls = turns[1]!.blocks.filter((block) => block.type === 'tool_call');
    assert.deepEqual(
      calls.map(({ id, kind, arguments: text }) => [id, kind, text]),
      [
        ['c1', 'function', '{"n":1.0}'],
        ['c2', 'custom', 'free text'],
      ],
    );
  });

  test('images and files are read by what is in them', () => {
    const text = `data:text/plain;base64,${Buffer.from('héllo').toString('base64')}`;
    const [png, link, pdf, url, file, plain] = blocksOf([
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
          { type: 'input_image', image_url: 'https://x.test/a.jpg', detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'JVBERi0xLjQ=' },
          { type: 'input_file', file_url: 'https://x.test/a.pdf' },
          { type: 'input_file', file_id: 'file-1' },
          { type: 'input_file', filename: 'a.txt', file_data: text },
        ],
      },
    ]).map((block) => block as Extract<Block, { type: 'image' | 'document' }>);
    assert.deepEqual(png?.source, { kind: 'base64', mime: 'image/png', base64: 'AAAA' });
    assert.equal(png !== undefined && 'detail' in png && png.detail, 'low');
    assert.equal(link?.source.kind, 'url');
    assert.deepEqual([pdf?.type, pdf?.source.kind], ['document', 'base64']);
    assert.equal(url?.source.kind, 'url');
    assert.deepEqual(file?.source, {
      kind: 'file',
      dialect: 'openai-responses',
      id: 'file-1',
      mime: undefined,
    });
    assert.deepEqual(plain?.source, { kind: 'text', text: 'héllo' });
  });

  test('X-40: a tool gives back text and images', () => {
    const output = [
      { type: 'input_text', text: 'shot' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
    ];
    const [result] = blocksOf([{ type: 'function_call_output', call_id: 'c', output }]);
    assert.ok(result?.type === 'tool_result');
    assert.deepEqual(
      result.content.map(({ type }) => type),
      ['text', 'image'],
    );
  });

  test('a picture that was not made is left out', () => {
    const made = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AAAA' };
    const failed = { ...made, status: 'failed', result: null };
    assert.deepEqual(
      blocksOf([failed, made, { role: 'user', content: 'on' }]).map(({ type }) => type),
      ['image', 'text'],
    );
  });

  test('functions, custom tools and hosted tools; others stay native', () => {
    const { tools } = decode({
      tools: [
        fn('f', { parameters: { type: 'object' }, strict: true, defer_loading: true }),
        { type: 'custom', name: 'g', format: { type: 'text' } },
        { type: 'web_search', search_context_size: 'low', filters: { allowed_domains: ['a.b'] } },
        { type: 'code_interpreter', container: { type: 'auto' } },
        { type: 'tool_search' },
        { type: 'mcp', server_label: 'x' },
      ],
    });
    assert.deepEqual(
      tools.map(({ type }) => type),
      ['function', 'custom', 'server', 'server', 'native', 'native'],
    );
    assert.ok(tools[0]?.type === 'function' && tools[0].strict === true);
    assert.deepEqual(tools[0].hints, ['tools[0].defer_loading']);
    assert.ok(tools[2]?.type === 'server' && tools[2].tool === 'web_search');
    assert.deepEqual([tools[2].allowedDomains, tools[2].contextSize], [['a.b'], 'low']);
  });

  test('tools inside of the input are tools like the others', () => {
    const { tools, turns } = decode({
      input: [
        { type: 'additional_tools', role: 'developer', tools: [fn('f')] },
        { role: 'user', content: 'hi' },
      ],
    });
    assert.deepEqual([tools.length, turns.length], [1, 1]);
  });

  test('a tool that Codex declares in both places is one tool, as it was declared last', () => {
    const search = { type: 'web_search' };
    const group = { type: 'namespace', name: 'functions', tools: [fn('f', { description: 'b' })] };
    const added = (...tools: object[]) => ({ type: 'additional_tools', role: 'developer', tools });
    const { tools } = decode({
      tools: [fn('f', { description: 'a' }), fn('g'), search],
      input: [added(group, search), { role: 'user', content: 'hi' }],
    });
    assert.deepEqual(
      tools.map((tool) => (tool.type === 'function' ? [tool.name, tool.description] : tool.type)),
      [['g', undefined], ['f', 'b'], 'server'],
    );
    // Within one list it is a mistake, and stays one for whoever names the tools upstream.
    const twice = decode({ tools: [fn('f')], input: [added(fn('f'), fn('f'))] }).tools;
    assert.equal(twice.length, 2);
  });

  test('X-38: tool choices', () => {
    const tools = [fn('f'), { type: 'custom', name: 'g' }];
    const choices: [unknown, unknown][] = [
      ['auto', { mode: 'auto' }],
      ['none', { mode: 'none' }],
      ['required', { mode: 'required' }],
      [fn('f'), { mode: 'named', name: 'f', kind: 'function' }],
      [
        { type: 'custom', name: 'g' },
        { mode: 'named', name: 'g', kind: 'custom' },
      ],
      [
        { type: 'allowed_tools', mode: 'required', tools: [fn('f')] },
        { mode: 'allowed', required: true, names: ['f'] },
      ],
      [{ type: 'web_search_preview' }, { mode: 'server', tool: 'web_search' }],
    ];
    for (const [tool_choice, expected] of choices) {
      assert.deepEqual(decode({ tools, tool_choice }).toolChoice, expected);
    }
    const unknown = { type: 'allowed_tools', mode: 'auto', tools: [fn('h')] };
    assert.equal(refusalOf({ tools, tool_choice: unknown })[0], 'invalid_request');
    assert.equal(decode({ parallel_tool_calls: false }).parallelToolCalls, false);
  });

  test('an envelope is opened, native state is kept, and neither is text', () => {
    const signature = {
      dialect: 'anthropic-messages',
      family: 'claude',
      kind: 'sig',
      value: 'c2ln',
      target: 'self',
    } as const;
    const [foreign, own, none] = blocksOf([
      { type: 'reasoning', summary: [], encrypted_content: sealSignature(signature) },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
      { type: 'reasoning', id: 'rs_2', summary: [{ type: 'summary_text', text: 'x' }] },
    ]).map((block) => (block.type === 'reasoning' ? block : undefined));
    assert.deepEqual(foreign?.signature, signature);
    assert.deepEqual(own?.signature, {
      dialect: 'openai-responses',
      family: 'gpt',
      kind: 'enc',
      value: '{"id":"rs_1","encrypted_content":"gAAA"}',
      target: 'self',
    });
    assert.deepEqual([none?.text, none?.signature], ['x', undefined]);
  });

  test('state in an item of its own goes back on the block it belongs to', () => {
    const google = { dialect: 'google-generate-content', family: 'gemini', kind: 'sig' } as const;
    const seal = (value: string, target: 'next' | 'prev') => ({
      type: 'reasoning',
      summary: [],
      encrypted_content: sealSignature({ ...google, value, target }),
    });
    const { turns } = decode({
      input: [
        { role: 'assistant', content: 'said' },
        seal('t', 'prev'),
        seal('c', 'next'),
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{}' },
      ],
    });
    const reader = { dialect: google.dialect, family: google.family };
    const [turn] = keepOwnReasoning(turns, reader);
    const signed = turn!.blocks.map((block) =>
      'signature' in block ? [block.type, block.signature?.value] : [block.type, undefined],
    );
    assert.deepEqual(signed, [
      ['text', 't'],
      ['tool_call', 'c'],
      ['tool_call', undefined],
    ]);
  });

  test('reasoning controls', () => {
    const cases: [JsonObject, string, string | undefined, string][] = [
      [{ effort: 'low' }, 'effort', 'low', 'none'],
      [{ effort: 'none', summary: 'auto' }, 'off', 'none', 'summary'],
      [{ effort: null, summary: 'detailed' }, 'auto', undefined, 'summary'],
    ];
    for (const [reasoning, mode, effort, expose] of cases) {
      const control = decode({ reasoning }).reasoning;
      assert.deepEqual([control?.mode, control?.effort, control?.expose], [mode, effort, expose]);
    }
    assert.equal(decode({}).reasoning, undefined);
  });

  test('output, sampling and labels', () => {
    const request = decode({
      text: {
        format: { type: 'json_schema', name: 'n', schema: {}, strict: true },
        verbosity: 'low',
      },
      max_output_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      include: ['message.output_text.logprobs'],
      top_logprobs: 3,
      safety_identifier: 'u1',
      user: 'u2',
      metadata: { a: 'b' },
      service_tier: 'flex',
      prompt_cache_key: 'k',
    });
    const format = { type: 'schema', name: 'n', schema: {}, strict: true, description: undefined };
    assert.deepEqual(request.output.format, format);
    assert.deepEqual([request.output.maxTokens, request.output.verbosity], [9, 'low']);
    assert.deepEqual([request.sampling.temperature, request.sampling.topP], [0, 0.5]);
    assert.deepEqual(request.logprobs, { top: 3 });
    assert.deepEqual([request.endUser, request.tier, request.cache.key], ['u1', 'flex', 'k']);
    assert.deepEqual(request.metadata, { a: 'b' });
  });

  test('X-49: state is refused by name, and absence of it is not', () => {
    const state: JsonObject = {
      previous_response_id: 'resp_1',
      conversation: 'conv_1',
      prompt: { id: 'p' },
      background: true,
      context_management: [{ type: 'compaction' }],
      access_programs: { a: 1 },
    };
    for (const [field, value] of Object.entries(state)) {
      assert.deepEqual(refusalOf({ [field]: value }), ['unsupported_parameter', field]);
      assert.doesNotThrow(() => decode({ [field]: null }));
    }
    assert.doesNotThrow(() => decode({ background: false, context_management: [] }));
    const items = [
      'item_reference',
      'compaction',
      'mcp_call',
      'computer_call',
      'shell_call_output',
    ];
    for (const type of items) {
      assert.deepEqual(refusalOf({ input: [{ type }] }), ['unsupported_parameter', 'input[0]']);
    }
  });

  test('store is a hint that is lost, and so are the other native settings', () => {
    const { extra } = decode({ store: true, truncation: 'auto', max_tool_calls: 3 });
    assert.deepEqual(extra, {
      'openai-responses': { max_tool_calls: 3, truncation: 'auto', store: true },
    });
    assert.deepEqual(decode({ store: false, truncation: 'disabled' }).extra, {
      'openai-responses': {},
    });
  });

  test('what the API does not know is refused by its place', () => {
    const cases: [JsonObject, string][] = [
      [{ input: [{ role: 'robot', content: 'x' }] }, 'input[0].role'],
      [{ input: [{ type: 'odd' }] }, 'input[0].type'],
      [{ input: [{ role: 'user', content: [{ type: 'odd' }] }] }, 'input[0].content[0].type'],
      [{ input: 7 }, 'input'],
      [{ input: [{ type: 'function_call', name: 'f', arguments: '' }] }, 'input[0].call_id'],
      [{ tools: [{ type: 'function' }] }, 'tools[0].name'],
      [{ text: { format: { type: 'xml' } } }, 'text.format.type'],
      [{ reasoning: { effort: 'huge' } }, 'reasoning.effort'],
    ];
    for (const [body, param] of cases) {
      assert.deepEqual(refusalOf(body), ['invalid_request', param]);
    }
  });

  test('every recorded request and what agents send is read, or refused for a tool of its own', () => {
    const recorded = recordings().flatMap(({ operation, request }) =>
      operation === 'responses' && request ? [request as JsonObject] : [],
    );
    const sent = ['codex', 'cline', 'continue', 'opencode'].flatMap((client) =>
      capturesOf(client).flatMap(({ url, body }) =>
        url.includes('/responses') && body ? [body] : [],
      ),
    );
    assert.deepEqual([recorded.length > 9, sent.length > 4], [true, true]);
    for (const body of [...recorded, ...sent]) {
      try {
        const request = decodeRequest(body, { stream: true });
        assert.ok(request.turns.length > 0);
      } catch (error) {
        assert.ok(error instanceof GatewayError && error.code === 'unsupported_parameter');
      }
    }
  });
});
