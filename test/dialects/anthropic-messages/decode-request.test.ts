import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessagesDialect as dialect } from '../../../src/dialects/anthropic-messages/dialect.ts';
import { parseWire } from '../../../src/dialects/raw-json.ts';
import { sealSignature } from '../../../src/dialects/reasoning-envelope.ts';
import { decode, decodeBlocks, text } from './messages-kit.ts';

const PIXEL = 'iVBORw0KGgo=';
const mark = (ttl?: string) => ({ type: 'ephemeral', ...(ttl && { ttl }) });

/** The refusal that a body meets. */
function refusalOf(fields: object) {
  try {
    decode(fields);
  } catch (error) {
    const { code, status, param } = error as { code: string; status: number; param: string };
    return { code, status, param };
  }
  return null;
}

function messageWith(block: object, role = 'user') {
  return { messages: [{ role, content: [block] }] };
}

describe('messages request decoder: conversation', () => {
  test('system is a text or text blocks, with their marks; empty ones say nothing', () => {
    assert.deepEqual(decode({ system: 'Be kind.' }).system, [text('Be kind.')]);
    const system = [
      { type: 'text', text: '' },
      { type: 'text', text: 'A', cache_control: mark('1h') },
    ];
    assert.deepEqual(decode({ system }).system, [{ ...text('A'), cache: { ttl: '1h' } }]);
  });

  test('instructions in mid-conversation keep their place', () => {
    const { turns } = decode({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache_control: mark() }] },
      ],
    });
    assert.deepEqual(turns[1], {
      role: 'system',
      blocks: [{ ...text('Be brief.'), cache: { ttl: undefined } }],
    });
  });

  test('images, documents and search results come from every source', () => {
    const image = (source: object) => decodeBlocks([{ type: 'image', source }])[0];
    assert.deepEqual(image({ type: 'base64', media_type: 'image/png', data: PIXEL }), {
      type: 'image',
      source: { kind: 'base64', mime: 'image/png', base64: PIXEL },
      detail: undefined,
      cache: undefined,
    });
    assert.deepEqual(image({ type: 'url', url: 'https://a.example/b.png' }), {
      type: 'image',
      source: { kind: 'url', mime: undefined, url: 'https://a.example/b.png' },
      detail: undefined,
      cache: undefined,
    });
    const sourcesOf = (block: object) =>
      decodeBlocks([block]).map((each) => ('source' in each ? each.source : each));
    const document = (source: object) => sourcesOf({ type: 'document', source });
    assert.deepEqual(document({ type: 'text', media_type: 'text/plain', data: 'T' }), [
      { kind: 'text', text: 'T' },
    ]);
    assert.deepEqual(document({ type: 'file', file_id: 'file_1' }), [
      { kind: 'file', dialect: 'anthropic-messages', id: 'file_1', mime: undefined },
    ]);
    const parts = [
      { type: 'text', text: 'A' },
      { type: 'image', source: { type: 'url', url: 'https://a.example/c.png' } },
      { type: 'text', text: 'B' },
    ];
    assert.deepEqual(document({ type: 'content', content: parts }), [
      { kind: 'text', text: 'A\nB' },
      { kind: 'url', mime: undefined, url: 'https://a.example/c.png' },
    ]);
    assert.deepEqual(
      sourcesOf({
        type: 'search_result',
        title: 'T',
        source: 'https://a.example',
        content: [{ type: 'text', text: 'found' }],
      }),
      [{ kind: 'text', text: 'found' }],
    );
  });

  test('a call keeps the digits of its arguments', () => {
    const json = `{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[
      {"type":"tool_use","id":"t","name":"f","input":{"id": 12345678901234567890, "x": 1.0}}]}]}`;
    const body = parseWire(Buffer.from(json));
    const [turn] = dialect.decodeRequest(body, { stream: false }).turns;
    const block = turn?.blocks[0];
    assert.equal(
      block?.type === 'tool_call' && block.arguments,
      '{"id":12345678901234567890,"x":1.0}',
    );
  });

  test('a tool result holds text, images and its error', () => {
    const [block] = decodeBlocks([
      {
        type: 'tool_result',
        tool_use_id: 't1',
        is_error: true,
        content: [
          { type: 'text', text: 'no' },
          { type: 'image', source: { type: 'url', url: 'https://a.example/d.png' } },
        ],
      },
    ]);
    assert.ok(block?.type === 'tool_result');
    assert.equal(block.callId, 't1');
    assert.equal(block.isError, true);
    assert.deepEqual(
      block.content.map(({ type }) => type),
      ['text', 'image'],
    );
    const [plain] = decodeBlocks([{ type: 'tool_result', tool_use_id: 't', content: 'ok' }]);
    assert.deepEqual(plain?.type === 'tool_result' && plain.content, [text('ok')]);
    const [empty] = decodeBlocks([{ type: 'tool_result', tool_use_id: 't' }]);
    assert.deepEqual(empty?.type === 'tool_result' && empty.content, []);
  });

  test('X-46: a server tool and its result are one block, a paused one has no result', () => {
    const use = { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } };
    const found = {
      type: 'web_search_tool_result',
      tool_use_id: 's1',
      content: [{ type: 'web_search_result', title: 'T', url: 'https://a.example' }],
    };
    assert.deepEqual(decodeBlocks([use, found], 'assistant'), [
      {
        type: 'server_tool',
        tool: 'web_search',
        id: 's1',
        query: 'q',
        results: [{ title: 'T', url: 'https://a.example' }],
        output: undefined,
        native: { dialect: 'anthropic-messages', raw: [use, found] },
      },
    ]);
    const [paused] = decodeBlocks([use], 'assistant');
    assert.deepEqual(paused?.type === 'server_tool' && paused.native.raw, [use]);
    const [late] = decodeBlocks([found], 'assistant');
    assert.ok(late?.type === 'server_tool');
    assert.deepEqual([late.tool, late.results.length], ['web_search', 1]);
  });

  test('a compaction stands for what was before it; an encrypted one is refused', () => {
    const messages = [
      { role: 'user', content: 'long ago' },
      {
        role: 'assistant',
        content: [
          { type: 'compaction', content: 'the story so far' },
          { type: 'text', text: 'and now' },
        ],
      },
    ];
    assert.deepEqual(decode({ messages }).turns, [
      { role: 'user', blocks: [text('the story so far')] },
      { role: 'assistant', blocks: [text('and now')] },
    ]);
    const sealed = { type: 'compaction', content: null, encrypted_content: 'x' };
    assert.equal(refusalOf(messageWith(sealed, 'assistant'))?.code, 'unsupported_parameter');
  });
});

describe('messages request decoder: reasoning', () => {
  const google = {
    dialect: 'google-generate-content' as const,
    family: 'gemini',
    kind: 'sig' as const,
    value: 'AbC+/=',
  };

  test('X-18: an empty thinking block with a signature stays, one with neither goes', () => {
    const signed = { type: 'thinking', thinking: '', signature: 'EqRk' };
    const [block, ...rest] = decodeBlocks(
      [signed, { type: 'thinking', thinking: '', signature: '' }],
      'assistant',
    );
    assert.deepEqual(rest, []);
    assert.deepEqual(block?.type === 'reasoning' && block.signature, {
      dialect: 'anthropic-messages',
      family: 'claude',
      kind: 'sig',
      value: 'EqRk',
      target: 'self',
    });
  });

  test('an envelope is opened: whose state it is, and which neighbour it was carried for', () => {
    const carried = { ...google, target: 'next' as const };
    const thinking = { type: 'thinking', thinking: '', signature: sealSignature(carried) };
    assert.deepEqual(decodeBlocks([thinking], 'assistant'), [
      { type: 'reasoning', kind: 'summary', text: '', signature: carried },
    ]);
  });

  test('thinking and effort', () => {
    const rows: [fields: object, control: object | undefined][] = [
      [{}, undefined],
      [
        { thinking: { type: 'enabled', budget_tokens: 2048 } },
        { mode: 'budget', effort: undefined, budget: 2048, expose: 'summary' },
      ],
      [
        { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
        { mode: 'effort', effort: 'high', budget: undefined, expose: 'none' },
      ],
      [
        { thinking: { type: 'adaptive' } },
        { mode: 'auto', effort: undefined, budget: undefined, expose: 'summary' },
      ],
      [
        { thinking: { type: 'disabled' } },
        { mode: 'off', effort: undefined, budget: undefined, expose: 'none' },
      ],
      [
        { output_config: { effort: 'xhigh' } },
        { mode: 'auto', effort: 'xhigh', budget: undefined, expose: 'none' },
      ],
    ];
    for (const [fields, control] of rows) assert.deepEqual(decode(fields).reasoning, control);
  });
});

describe('messages request decoder: tools', () => {
  test('tools of every kind', () => {
    const { tools } = decode({
      tools: [
        {
          name: 'f',
          description: 'd',
          input_schema: { type: 'object', properties: {} },
          strict: true,
          defer_loading: true,
          eager_input_streaming: false,
          cache_control: mark(),
        },
        { type: 'bash_20250124', name: 'bash' },
        { type: 'web_search_20250305', name: 'web_search', max_uses: 2, allowed_domains: ['a.b'] },
        { type: 'computer_20250124', name: 'computer' },
      ],
    });
    assert.deepEqual(tools[0], {
      type: 'function',
      name: 'f',
      description: 'd',
      parameters: { type: 'object', properties: {} },
      strict: true,
      cache: { ttl: undefined },
      hints: ['tools[0].defer_loading'],
    });
    assert.ok(tools[1]?.type === 'function' && tools[1].name === 'bash');
    assert.ok(JSON.stringify(tools[1].parameters).includes('"command"'));
    assert.ok(tools[2]?.type === 'server' && tools[2].tool === 'web_search');
    assert.deepEqual([tools[2].maxUses, tools[2].allowedDomains], [2, ['a.b']]);
    assert.ok(tools[3]?.type === 'native' && tools[3].word === 'computer_20250124');
  });

  test('a tool that a search found is named in the result of that search', () => {
    const found = { type: 'tool_reference', tool_name: 'read', cache_control: mark() };
    const [result] = decodeBlocks([{ type: 'tool_result', tool_use_id: 't', content: [found] }]);
    assert.ok(result?.type === 'tool_result');
    const words = text('Tool available: read');
    assert.deepEqual(result.content, [{ ...words, cache: { ttl: undefined } }]);
  });

  test('a tool that comes or goes by its name leaves a hint behind, and no words', () => {
    const tool = { type: 'tool_reference', name: 'read' };
    const request = decode({
      tools: [{ name: 'read', defer_loading: true }],
      messages: [
        { role: 'user', content: 'go' },
        { role: 'system', content: [{ type: 'tool_addition', tool }] },
        {
          role: 'system',
          content: [
            { type: 'text', text: 'Now.' },
            { type: 'tool_removal', tool },
          ],
        },
      ],
    });
    assert.deepEqual(request.turns.slice(1), [
      { role: 'system', blocks: [] },
      { role: 'system', blocks: [text('Now.')] },
    ]);
    assert.deepEqual(request.extra, {
      'anthropic-messages': {
        'messages[1].content[0]': true,
        'messages[2].content[1]': true,
      },
    });
  });

  test('a tool that a message defines is one of the request’s, and replaces its namesake', () => {
    const define = (definition: object) => ({
      type: 'tool_addition',
      tool: { type: 'tool_definition', definition },
    });
    const { tools } = decode({
      tools: [{ name: 'a' }, { name: 'b' }],
      messages: [
        { role: 'user', content: 'go' },
        { role: 'system', content: [define({ name: 'a', description: 'newer' })] },
        {
          role: 'assistant',
          content: [
            { type: 'compaction', content: 'So far.', tool_changes: [define({ name: 'c' })] },
          ],
        },
      ],
    });
    const told = tools.map((tool) => tool.type === 'function' && [tool.name, tool.description]);
    assert.deepEqual(told, [
      ['a', 'newer'],
      ['b', undefined],
      ['c', undefined],
    ]);
    assert.equal(
      refusalOf(messageWith(define({ description: 'nameless' }), 'system'))?.param,
      'messages[0].content[0].tool.definition.name',
    );
  });

  test('every choice, and one call at a time', () => {
    const tools = [{ name: 'f' }, { type: 'web_search_20250305', name: 'web_search' }];
    const choiceOf = (tool_choice: object) => {
      const { toolChoice, parallelToolCalls } = decode({ tools, tool_choice });
      return [toolChoice, parallelToolCalls];
    };
    assert.deepEqual(choiceOf({ type: 'auto' }), [{ mode: 'auto' }, undefined]);
    assert.deepEqual(choiceOf({ type: 'none' }), [{ mode: 'none' }, undefined]);
    assert.deepEqual(choiceOf({ type: 'any', disable_parallel_tool_use: true }), [
      { mode: 'required' },
      false,
    ]);
    assert.deepEqual(choiceOf({ type: 'tool', name: 'f' }), [
      { mode: 'named', name: 'f', kind: 'function' },
      undefined,
    ]);
    assert.deepEqual(choiceOf({ type: 'tool', name: 'web_search' }), [
      { mode: 'server', tool: 'web_search' },
      undefined,
    ]);
  });
});

describe('messages request decoder: other fields', () => {
  test('the output format, also by its beta name', () => {
    const schema = { type: 'object' };
    const format = { type: 'json_schema', schema };
    const wanted = {
      type: 'schema',
      name: undefined,
      schema,
      strict: undefined,
      description: undefined,
    };
    assert.deepEqual(decode({ output_config: { format } }).output.format, wanted);
    assert.deepEqual(decode({ output_format: format }).output.format, wanted);
  });

  test('limits, sampling, tier, user and the mark of the whole prompt', () => {
    const request = decode({
      max_tokens: 77,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      stop_sequences: ['END'],
      service_tier: 'standard_only',
      metadata: { user_id: 'u' },
      cache_control: mark('5m'),
    });
    assert.equal(request.output.maxTokens, 77);
    const { temperature, topP, topK } = request.sampling;
    assert.deepEqual([temperature, topP, topK], [0.5, 0.9, 5]);
    assert.deepEqual(request.stop, ['END']);
    assert.equal(request.tier, 'default');
    assert.equal(decode({ speed: 'fast' }).tier, 'fast');
    assert.equal(request.endUser, 'u');
    assert.deepEqual(request.cache.mark, { ttl: '5m' });
  });

  test('X-49: state of Anthropic’s own is refused, an empty one and harmless edits are not', () => {
    const rows: object[] = [
      { container: 'c' },
      { mcp_servers: [{ name: 'm' }] },
      { fallbacks: [{ model: 'x' }] },
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
      { max_tokens: 0 },
    ];
    for (const fields of rows) {
      const [field] = Object.keys(fields);
      const code = 'unsupported_parameter';
      assert.deepEqual(refusalOf(fields), { code, status: 400, param: field });
    }
    const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }];
    assert.equal(refusalOf({ mcp_servers: [], container: null }), null);
    assert.equal(refusalOf({ context_management: { edits } }), null);
    assert.deepEqual(decode({ inference_geo: 'eu' }).extra, {
      'anthropic-messages': { inference_geo: 'eu' },
    });
  });

  test('what is no request of this API is refused by its path', () => {
    const rows: [fields: object, param: string][] = [
      [{ messages: [] }, 'messages'],
      [{ messages: 'hello' }, 'messages'],
      [{ messages: [{ role: 'tool', content: '' }] }, 'messages[0].role'],
      [messageWith({ type: 'hologram' }), 'messages[0].content[0].type'],
      [messageWith({ type: 'constructor' }), 'messages[0].content[0].type'],
      [messageWith({ type: 'text' }), 'messages[0].content[0].text'],
      [messageWith({ type: 'image' }), 'messages[0].content[0].source'],
      [
        messageWith({ type: 'image', source: { type: 'fax' } }),
        'messages[0].content[0].source.type',
      ],
      [{ tools: [{ input_schema: {} }] }, 'tools[0].name'],
      [{ tool_choice: { type: 'maybe' } }, 'tool_choice.type'],
      [{ thinking: { type: 'deep' } }, 'thinking.type'],
      [{ system: 7 }, 'system'],
    ];
    for (const [fields, param] of rows) {
      assert.deepEqual(refusalOf(fields), { code: 'invalid_request', status: 400, param });
    }
    const state = { type: 'browser_state', tabs: [] };
    const answered = { type: 'tool_result', tool_use_id: 't', content: [state] };
    assert.equal(refusalOf(messageWith(answered))?.code, 'unsupported_parameter');
  });
});
