import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { googleGenerateContentDialect as dialect } from '../../../src/dialects/google-generate-content/dialect.ts';
import type { ChatRequest } from '../../../src/dialects/ir/chat-request.ts';
import { asObject, asObjects } from '../../../src/dialects/json-object.ts';
import { sealSignature } from '../../../src/dialects/reasoning-envelope.ts';
import { capturesOf } from '../../support/captures.ts';
import { recordings } from '../../support/recordings.ts';
import { decode, decodeTurns, text, wire } from './google-kit.ts';

const claudeState = {
  dialect: 'anthropic-messages',
  family: 'claude',
  kind: 'sig',
  value: 'abc+/=',
  target: 'self',
} as const;

/** State in Google's slot, as this proxy puts it there. */
function slot(target: 'self' | 'next' | 'prev', fields: object = {}): string {
  return Buffer.from(sealSignature({ ...claudeState, target, ...fields })).toString('base64');
}

function model(...parts: object[]) {
  return { role: 'model', parts };
}

function said(...parts: object[]) {
  return { role: 'user', parts };
}

describe('decoding a generateContent request', () => {
  test('both spellings of every member mean the same (X-43)', () => {
    const schema = { type: 'OBJECT', properties: { my_place: { type: 'STRING' } } };
    const camel = decode({
      contents: [
        said({ inlineData: { mimeType: 'image/png', data: 'AAAA' } }),
        model({ functionCall: { name: 'f', args: { a_b: 1 } }, thoughtSignature: 'c2ln' }),
        said({ functionResponse: { name: 'f', response: { output: 1 } } }),
      ],
      systemInstruction: { role: 'user', parts: [{ text: 'be brief' }] },
      generationConfig: {
        maxOutputTokens: 5,
        topK: 3,
        stopSequences: ['x'],
        responseMimeType: 'application/json',
        responseSchema: schema,
        thinkingConfig: { thinkingBudget: 77, includeThoughts: true },
      },
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
      tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: schema }] }],
      safetySettings: [],
    });
    const snake = decode({
      contents: [
        said({ inline_data: { mime_type: 'image/png', data: 'AAAA' } }),
        model({ function_call: { name: 'f', args: { a_b: 1 } }, thought_signature: 'c2ln' }),
        said({ function_response: { name: 'f', response: { output: 1 } } }),
      ],
      system_instruction: { parts: { text: 'be brief' } },
      generation_config: {
        max_output_tokens: 5,
        top_k: 3,
        stop_sequences: ['x'],
        response_mime_type: 'application/json',
        response_schema: schema,
        thinking_config: { thinking_budget: 77, include_thoughts: true },
      },
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
      tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: schema }] }],
      safety_settings: [],
    });
    assert.deepEqual(snake, camel);
    assert.deepEqual(camel.system, [text('be brief')]);
    assert.deepEqual(camel.toolChoice, { mode: 'named', name: 'f', kind: 'function' });
  });

  test('unknown roles and parts are refused by their path', () => {
    assert.throws(() => decodeTurns({ role: 'tool', parts: [] }), {
      status: 400,
      param: 'contents[1].role',
    });
    assert.throws(() => decodeTurns(model({ video: {} })), { param: 'contents[1].parts[0]' });
    assert.throws(() => decode({ contents: [] }), { param: 'contents' });
  });

  test('state that only Google keeps is refused', () => {
    for (const field of ['cachedContent', 'cached_content', 'continuationToken']) {
      assert.throws(() => decode({ [field]: 'x' }), { code: 'unsupported_parameter' });
    }
  });

  const thinking: [config: object, reasoning: ChatRequest['reasoning']][] = [
    [{ thinkingBudget: 0 }, control('off')],
    [{ thinkingBudget: -1 }, control('auto')],
    [{ thinkingBudget: 128, includeThoughts: true }, control('budget', { budget: 128 }, 'summary')],
    [{ thinkingLevel: 'HIGH' }, control('effort', { effort: 'high' })],
    [{ thinkingLevel: 'low' }, control('effort', { effort: 'low' })],
    [{ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, control('auto')],
  ];
  for (const [config, reasoning] of thinking) {
    test(`thinking ${JSON.stringify(config)} is ${reasoning?.mode} (X-63)`, () => {
      const decoded = decode({ generationConfig: { thinkingConfig: config } });
      assert.deepEqual(decoded.reasoning, reasoning);
    });
  }

  function control(
    mode: 'off' | 'auto' | 'effort' | 'budget',
    amount: object = {},
    expose: 'none' | 'summary' = 'none',
  ): ChatRequest['reasoning'] {
    return { mode, effort: undefined, budget: undefined, expose, ...amount };
  }

  const choices: [config: object, choice: ChatRequest['toolChoice']][] = [
    [{ mode: 'AUTO' }, { mode: 'auto' }],
    [{ mode: 'NONE' }, { mode: 'none' }],
    [{ mode: 'ANY' }, { mode: 'required' }],
    [{ mode: 'VALIDATED' }, { mode: 'auto' }],
    [{ mode: 'MODE_UNSPECIFIED' }, undefined],
    [
      { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
      { mode: 'allowed', required: true, names: ['a', 'b'] },
    ],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
      { mode: 'allowed', required: false, names: ['a'] },
    ],
  ];
  for (const [config, choice] of choices) {
    test(`${JSON.stringify(config)} is ${JSON.stringify(choice)}`, () => {
      const { toolChoice } = decode({ toolConfig: { functionCallingConfig: config } });
      assert.deepEqual(toolChoice, choice);
    });
  }

  test('every tool of an entry is read, Google’s own as well', () => {
    const { tools } = decode({
      tools: [
        { functionDeclarations: [{ name: 'f' }], google_search: {} },
        { codeExecution: {} },
        { urlContext: {} },
        { googleMaps: {} },
      ],
    });
    assert.deepEqual(
      tools.map((tool) => ('tool' in tool ? tool.tool : 'word' in tool ? tool.word : tool.name)),
      ['f', 'web_search', 'code', 'web_fetch', 'googleMaps'],
    );
  });

  test('what an answer is as good without is kept apart, to be reported as lost', () => {
    const { extra } = decode({ safetySettings: [{}], generationConfig: { speechConfig: {} } });
    assert.deepEqual(extra['google-generate-content'], { safetySettings: [{}], speechConfig: {} });
  });
});

describe('decoding contents', () => {
  test('what the model said in chunks is one turn with one text', () => {
    const [, turn] = decodeTurns(
      model({ text: 'Hel' }),
      model({ text: 'lo' }),
      model({ text: '' }),
    );
    assert.deepEqual(turn, { role: 'assistant', blocks: [text('Hello')] });
  });

  test('results find their calls by id, else by name and order', () => {
    const [, asked, answered] = decodeTurns(
      model(
        { functionCall: { name: 'f', args: { n: 1 } } },
        { functionCall: { name: 'g', args: {}, id: 'own' } },
        { functionCall: { name: 'f', args: { n: 2 } } },
      ),
      said(
        { functionResponse: { id: 'made-up-by-the-client', name: 'f', response: { output: 'a' } } },
        { functionResponse: { name: 'f', response: { output: 'b' } } },
        { functionResponse: { id: 'own', name: 'g', response: { output: 'c' } } },
      ),
    );
    const ids = asked?.blocks.map((block) => block.type === 'tool_call' && block.id);
    const [first, second, third] = ids ?? [];
    assert.equal(second, 'own');
    assert.notEqual(first, third);
    assert.deepEqual(
      answered?.blocks.map((block) => block.type === 'tool_result' && block.callId),
      [first, third, 'own'],
    );
  });

  test('results in contents of their own find their calls too (X-10)', () => {
    const turns = decodeTurns(
      model({ functionCall: { name: 'f' } }, { functionCall: { name: 'f' } }),
      said({ functionResponse: { name: 'f', response: { output: 'a' } } }),
      said({ functionResponse: { name: 'f', response: { output: 'b' } } }),
    );
    const ids = turns.flatMap(({ blocks }) =>
      blocks.map((block) => (block.type === 'tool_result' ? block.callId : undefined)),
    );
    assert.equal(new Set(ids.filter(Boolean)).size, 2);
  });

  test('a result without a call is refused', () => {
    const orphan = said({ functionResponse: { name: 'f', response: {} } });
    assert.throws(() => decodeTurns(orphan), { status: 400, param: 'contents[1]' });
  });

  const outcomes: [response: string, text: string, isError: boolean][] = [
    ['{"output":"21 degrees"}', '21 degrees', false],
    ['{"output":{"big":12345678901234567890}}', '{"big":12345678901234567890}', false],
    ['{"output":21}', '21', false],
    ['{"error":"no such place"}', 'no such place', true],
    ['{"name":"bash","content":"x"}', '{"name":"bash","content":"x"}', false],
    ['{"error":"e","output":"o"}', '{"error":"e","output":"o"}', false],
  ];
  for (const [response, expected, isError] of outcomes) {
    test(`the response ${response} is the text ${expected}`, () => {
      const body = `{"contents":[{"parts":[{"functionCall":{"name":"f"}}],"role":"model"},
        {"parts":[{"functionResponse":{"name":"f","response":${response}}}]}]}`;
      const { turns } = dialect.decodeRequest(wire(body), { stream: false });
      const block = turns[1]?.blocks[0];
      assert.ok(block?.type === 'tool_result');
      assert.deepEqual(block.content, [text(expected)]);
      assert.equal(block.isError, isError);
    });
  }

  test('arguments keep their digits and the order of their keys', () => {
    const body =
      '{"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":{"9":1.0,"a":12345678901234567890}}}]}]}';
    const [turn] = dialect.decodeRequest(wire(body), { stream: false }).turns;
    const [block] = turn?.blocks ?? [];
    assert.ok(block?.type === 'tool_call');
    assert.equal(block.arguments, '{"9":1.0,"a":12345678901234567890}');
  });

  test('media are what their type says, and files of Google stay files (X-42)', () => {
    const [turn] = decode({
      contents: said(
        { inlineData: { mimeType: 'image/jpg', data: 'AAAA' } },
        { inlineData: { mimeType: 'application/pdf', data: 'JVBERi0=', displayName: 'a.pdf' } },
        { inlineData: { mimeType: 'text/csv', data: Buffer.from('a,b').toString('base64') } },
        { fileData: { fileUri: 'gs://bucket/a.png' } },
        { fileData: { file_uri: 'https://example.com/a.mp3', mime_type: 'audio/mp3' } },
        { fileData: { fileUri: 'https://youtu.be/abc' } },
      ),
    }).turns;
    assert.deepEqual(
      turn?.blocks.map((block) => [block.type, 'source' in block && block.source.kind]),
      [
        ['image', 'base64'],
        ['document', 'base64'],
        ['document', 'text'],
        ['image', 'file'],
        ['audio', 'url'],
        ['video', 'url'],
      ],
    );
  });

  test('code that ran is kept with its result (X-46)', () => {
    const [, turn] = decodeTurns(
      model(
        { executableCode: { language: 'PYTHON', code: 'print(1)' } },
        { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
        { text: 'It is 1.' },
      ),
    );
    const [pair, words] = turn?.blocks ?? [];
    assert.ok(pair?.type === 'server_tool');
    assert.deepEqual([pair.tool, pair.query, pair.output], ['code', 'print(1)', '1']);
    assert.deepEqual(words, text('It is 1.'));
  });
});

describe('state in contents', () => {
  function blocksOf(...parts: object[]) {
    return decodeTurns(model(...parts))[1]?.blocks ?? [];
  }

  test('thoughts in pieces come back whole, with the state that closes them (X-16)', () => {
    const blocks = blocksOf(
      { text: 'Let me ', thought: true },
      { text: 'see.', thought: true },
      { text: '', thought: true, thoughtSignature: slot('self') },
      { text: 'Hello' },
    );
    assert.deepEqual(blocks, [
      { type: 'reasoning', kind: 'summary', text: 'Let me see.', signature: claudeState },
      text('Hello'),
    ]);
  });

  test('state that rode along with a call stands before it again', () => {
    const [reasoning, call] = blocksOf({
      functionCall: { name: 'f', args: {} },
      thoughtSignature: slot('next', { kind: 'redacted' }),
    });
    assert.deepEqual(reasoning, {
      type: 'reasoning',
      kind: 'redacted',
      text: '',
      signature: { ...claudeState, kind: 'redacted' },
    });
    assert.ok(call?.type === 'tool_call' && call.signature === undefined);
  });

  test('Google’s own state stays where it is, letter by letter (X-84)', () => {
    const [call] = blocksOf({ functionCall: { name: 'f' }, thoughtSignature: 'AY89a18/+_==' });
    assert.ok(call?.type === 'tool_call');
    assert.equal(call.signature?.value, 'AY89a18/+_==');
    assert.equal(call.signature?.dialect, 'google-generate-content');
  });
});

describe('requests of real clients', () => {
  const clients = ['gemini-cli', 'qwen-code', 'opencode', 'continue'];
  for (const client of clients) {
    test(`everything that ${client} sends is read`, () => {
      const captures = capturesOf(client).filter(({ url }) => /[gG]enerateContent/.test(url));
      assert.ok(captures.length > 0);
      for (const { body = {} } of captures) checkDecoded(body);
    });
  }

  test('every recorded request is read', () => {
    for (const { operation, request } of recordings()) {
      const body = asObject(request);
      const isChat = /generate_content/.test(operation) && body['contents'] !== undefined;
      if (isChat && body['cachedContent'] === undefined) checkDecoded(body);
    }
  });

  /** No call, no result and no declaration is lost. */
  function checkDecoded(body: object): void {
    const request = dialect.decodeRequest(wire(body), { stream: true });
    const json = JSON.stringify(body);
    const count = (pattern: RegExp) => [...json.matchAll(pattern)].length;
    const blocks = request.turns.flatMap((turn) => turn.blocks);
    const calls = blocks.filter(({ type }) => type === 'tool_call');
    const results = blocks.filter(({ type }) => type === 'tool_result');
    assert.equal(calls.length, count(/"(functionCall|function_call)":/g));
    assert.equal(results.length, count(/"(functionResponse|function_response)":/g));
    const declared = asObjects(asObject(body)['tools']).flatMap((tool) =>
      asObjects(tool['functionDeclarations'] ?? tool['function_declarations']),
    );
    const functions = request.tools.filter(({ type }) => type === 'function');
    assert.equal(functions.length, declared.length);
  }
});
