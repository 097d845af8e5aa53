import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  ChatRequest,
  FunctionTool,
  MediaSource,
  ServerTool,
  Signature,
  ToolChoice,
} from '../../../src/dialects/ir/chat-request.ts';
import { asObject, asObjects } from '../../../src/dialects/json-object.ts';
import type { ModelCaps } from '../../../src/dialects/model-caps.ts';
import { assistant, call, encode, encodeTurns, result, text, user } from './google-kit.ts';

const GEMINI_3 = { slug: 'gemini-3-pro-preview' };

function fn(name: string, fields: Partial<FunctionTool> = {}): FunctionTool {
  return {
    type: 'function',
    name,
    description: undefined,
    parameters: { type: 'object', properties: { a: { type: 'string' } } },
    strict: undefined,
    cache: undefined,
    hints: [],
    ...fields,
  };
}

function image(source: MediaSource, detail?: string) {
  return { type: 'image', source, detail, cache: undefined } as const;
}

const PNG: MediaSource = { kind: 'base64', mime: undefined, base64: 'iVBORw0KGgo=' };
const PNG_PART = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };

function state(value: string, fields: Partial<Signature> = {}): Signature {
  const own = { dialect: 'google-generate-content', family: 'gemini' } as const;
  return { ...own, kind: 'sig', value, target: 'self', ...fields };
}

function config(request: Partial<ChatRequest>, options: Parameters<typeof encode>[1] = {}) {
  return asObject(encode(request, options).body['generationConfig']);
}

describe('encoding a generateContent request', () => {
  test('says nothing that the client did not say (X-66)', () => {
    const { body, warnings } = encode({});
    assert.deepEqual(body, { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] });
    assert.deepEqual(warnings, []);
  });

  test('instructions are parts without a role; those amid the talk become a text (X-44)', () => {
    const turns = [
      user(text('hi')),
      assistant(text('yes?')),
      { role: 'system' as const, blocks: [text('now')] },
    ];
    const { body } = encode({ system: [text('a'), text('b')], turns });
    assert.deepEqual(body['systemInstruction'], { parts: [{ text: 'a' }, { text: 'b' }] });
    assert.deepEqual(asObjects(body['contents']).at(-1), {
      role: 'user',
      parts: [{ text: '<system>\nnow\n</system>' }],
    });
  });

  test('sampling, limits and stops have their own names', () => {
    const request: Partial<ChatRequest> = {
      sampling: {
        temperature: 1.5,
        topP: 0.9,
        topK: 4,
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        logitBias: undefined,
      },
      stop: ['x'],
      n: 2,
      logprobs: { top: 3 },
    };
    assert.deepEqual(config(request), {
      temperature: 1.5,
      topP: 0.9,
      topK: 4,
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['x'],
      candidateCount: 2,
      responseLogprobs: true,
      logprobs: 3,
    });
  });

  const refused: [name: string, request: Partial<ChatRequest>, param: string][] = [
    ['several answers in a stream', { n: 2, stream: true }, 'n'],
    ['speech', { output: output({ modalities: ['text', 'audio'] }) }, 'modalities'],
    ['an answer of no tokens', { output: output({ maxTokens: 0 }) }, 'max_tokens'],
    [
      'a forced tool of the provider',
      { tools: [fn('f')], toolChoice: { mode: 'server', tool: 'web_search' } },
      'tool_choice',
    ],
    [
      'a file of another provider',
      {
        turns: [
          user(image({ kind: 'file', dialect: 'openai-responses', id: 'f', mime: undefined })),
        ],
      },
      'file_id',
    ],
  ];
  for (const [name, request, param] of refused) {
    test(`${name} is refused`, () => {
      assert.throws(() => encode(request), { status: 400, code: 'unsupported_parameter', param });
    });
  }

  test('hints without a field are reported as lost (X-77)', () => {
    const { warnings } = encode({
      endUser: 'u',
      metadata: { a: 'b' },
      tier: 'fast',
      stop: ['1', '2', '3', '4', '5', '6'],
      cache: { key: 'k', ttl: '24h', mark: undefined },
      system: [{ ...text('a'), cache: { ttl: undefined } }],
      parallelToolCalls: false,
      tools: [fn('f')],
      output: output({ verbosity: 'low' }),
      extra: { 'openai-chat': { prediction: {} } },
    });
    assert.deepEqual(
      [...warnings].sort(),
      [
        'dropped;field=cache_control',
        'dropped;field=metadata',
        'dropped;field=parallel_tool_calls',
        'dropped;field=prediction',
        'dropped;field=prompt_cache_key',
        'dropped;field=prompt_cache_retention',
        'dropped;field=service_tier',
        'dropped;field=user',
        'dropped;field=verbosity',
        'emulated;field=stop',
      ].sort(),
    );
  });

  const tiers: [tier: string, serviceTier: string | undefined][] = [
    ['auto', undefined],
    ['default', 'standard'],
    ['flex', 'flex'],
    ['priority', 'priority'],
  ];
  for (const [tier, serviceTier] of tiers) {
    test(`the tier ${tier} is ${serviceTier}`, () => {
      assert.equal(encode({ tier }).body['serviceTier'], serviceTier);
    });
  }

  function output(fields: Partial<ChatRequest['output']>): ChatRequest['output'] {
    return {
      format: undefined,
      maxTokens: undefined,
      verbosity: undefined,
      modalities: undefined,
      ...fields,
    };
  }

  const schema = { type: 'object', properties: { a: { const: 'x' } } };
  const format = {
    type: 'schema',
    name: 'n',
    schema,
    strict: true,
    description: undefined,
  } as const;

  test('a schema goes as JSON Schema, for old models as OpenAPI', () => {
    const request = { output: output({ format }) };
    assert.deepEqual(config(request), {
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', properties: { a: { enum: ['x'] } } },
    });
    const old = config(request, { slug: 'gemini-1.5-pro' });
    assert.ok(old['responseSchema'] !== undefined && old['responseJsonSchema'] === undefined);
  });

  test('a schema beside tools is asked for in words before Gemini 3', () => {
    const request = { output: output({ format }), tools: [fn('f')] };
    const { body, warnings } = encode(request);
    assert.equal(body['generationConfig'], undefined);
    assert.match(JSON.stringify(body['systemInstruction']), /JSON Schema/);
    assert.deepEqual(warnings, ['emulated;field=response_format']);
    assert.ok(config(request, GEMINI_3)['responseJsonSchema']);
  });
});

describe('encoding thinking', () => {
  function control(
    mode: 'off' | 'auto' | 'effort' | 'budget',
    amount: object = {},
    expose: 'none' | 'summary' = 'none',
  ): ChatRequest['reasoning'] {
    return { mode, effort: undefined, budget: undefined, expose, ...amount };
  }

  const rows: [string, ChatRequest['reasoning'], slug: string, config: unknown][] = [
    ['nothing', undefined, 'gemini-2.5-pro', undefined],
    ['off', control('off'), 'gemini-2.5-flash', { thinkingBudget: 0 }],
    ['off', control('off'), 'gemini-2.5-pro', { thinkingBudget: 128 }],
    ['off', control('off'), 'gemini-3-pro', { thinkingLevel: 'LOW' }],
    ['auto, shown', control('auto', {}, 'summary'), 'gemini-3-pro', { includeThoughts: true }],
    ['auto', control('auto'), 'gemini-2.5-pro', undefined],
    ['low', control('effort', { effort: 'low' }), 'gemini-2.5-flash', { thinkingBudget: 1024 }],
    ['low', control('effort', { effort: 'low' }), 'gemini-3-pro', { thinkingLevel: 'LOW' }],
    ['max', control('effort', { effort: 'max' }), 'gemini-3-pro', { thinkingLevel: 'HIGH' }],
    ['max', control('effort', { effort: 'max' }), 'gemini-2.5-flash', { thinkingBudget: 24_576 }],
    ['5000', control('budget', { budget: 5000 }), 'gemini-2.5-flash', { thinkingBudget: 5000 }],
    ['5000', control('budget', { budget: 5000 }), 'gemini-3-pro', { thinkingLevel: 'LOW' }],
    ['low', control('effort', { effort: 'low' }), 'gemini-2.0-flash', undefined],
  ];
  for (const [name, reasoning, slug, expected] of rows) {
    test(`${name} on ${slug} is ${JSON.stringify(expected)} (X-63, X-67, X-68)`, () => {
      assert.deepEqual(config({ reasoning }, { slug })['thinkingConfig'], expected);
    });
  }

  test('a clamped effort is reported', () => {
    const { warnings } = encode({ reasoning: control('effort', { effort: 'xhigh' }) }, GEMINI_3);
    assert.deepEqual(warnings, ['clamped;field=reasoning.effort']);
  });
});

describe('encoding tools', () => {
  const declared = (request: Partial<ChatRequest>, caps: Partial<ModelCaps> = {}) =>
    asObject(asObjects(encode(request, { caps }).body['tools'])[0]);

  test('declarations carry JSON Schema, or OpenAPI for old models (X-13, X-14)', () => {
    const parameters = {
      type: 'object',
      properties: { n: { type: 'integer', exclusiveMinimum: 0 }, l: { type: 'array' } },
      propertyNames: { pattern: 'x' },
    };
    const tools = [fn('f', { parameters, description: 'd' })];
    const [json] = asObjects(declared({ tools })['functionDeclarations']);
    const [openApi] = asObjects(
      declared({ tools }, { json_schema_tools: false })['functionDeclarations'],
    );
    assert.ok(json?.['parametersJsonSchema'] && !json['parameters']);
    assert.ok(openApi?.['parameters'] && !openApi['parametersJsonSchema']);
    for (const declaration of [json, openApi]) {
      assert.doesNotMatch(JSON.stringify(declaration), /"(exclusiveMinimum|propertyNames)":/);
    }
    assert.match(JSON.stringify(openApi), /"items":/);
  });

  test('a function without parameters has no schema at all', () => {
    const tools = [fn('f', { parameters: undefined }), fn('g', { parameters: { type: 'object' } })];
    assert.deepEqual(declared({ tools }), {
      functionDeclarations: [{ name: 'f' }, { name: 'g' }],
    });
  });

  const choices: [ToolChoice | undefined, strict: boolean, config: unknown][] = [
    [undefined, false, undefined],
    [{ mode: 'auto' }, false, { mode: 'AUTO' }],
    [{ mode: 'auto' }, true, { mode: 'VALIDATED' }],
    [{ mode: 'none' }, false, { mode: 'NONE' }],
    [{ mode: 'required' }, false, { mode: 'ANY' }],
    [
      { mode: 'named', name: 'f', kind: 'function' },
      false,
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
    [
      { mode: 'allowed', required: false, names: ['f'] },
      false,
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    ],
    [
      { mode: 'allowed', required: true, names: ['f', 'g'] },
      false,
      { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
    ],
  ];
  for (const [toolChoice, strict, expected] of choices) {
    test(`${JSON.stringify(toolChoice)}, strict ${strict}, is ${JSON.stringify(expected)} (X-38)`, () => {
      const { body } = encode({ tools: [fn('f', { strict }), fn('g')], toolChoice });
      assert.deepEqual(asObject(body['toolConfig'])['functionCallingConfig'], expected);
    });
  }

  test('an unknown name in the choice is refused, a choice without tools is left out', () => {
    const toolChoice: ToolChoice = { mode: 'named', name: 'nope', kind: 'function' };
    assert.throws(() => encode({ tools: [fn('f')], toolChoice }), { param: 'tool_choice' });
    assert.equal(encode({ toolChoice: { mode: 'auto' } }).body['toolConfig'], undefined);
  });

  test('tools of a provider are Google’s own or refused, never functions (X-47)', () => {
    const server = (tool: ServerTool['tool']): ServerTool => ({
      type: 'server',
      tool,
      allowedDomains: undefined,
      blockedDomains: undefined,
      maxUses: 3,
      userLocation: undefined,
      contextSize: undefined,
      native: { dialect: 'anthropic-messages', raw: { type: 'web_search_20250305' } },
    });
    const { body, warnings } = encode({ tools: [server('web_search'), server('code')] });
    assert.deepEqual(body['tools'], [{ googleSearch: {} }, { codeExecution: {} }]);
    assert.deepEqual(warnings.slice(0, 1), ['dropped;field=tools[0].max_uses']);
    const caps = { web_search: false };
    assert.throws(() => encode({ tools: [server('web_fetch')] }, { caps }), { status: 400 });
  });

  test('a history of calls without tools gets its declarations and forbids more', () => {
    const turns = [user(text('hi')), assistant(call('f')), user(result('f', text('1')))];
    const { body } = encode({ turns });
    assert.match(JSON.stringify(body['tools']), /"name":"f"/);
    assert.deepEqual(body['toolConfig'], { functionCallingConfig: { mode: 'NONE' } });
  });

  test('a custom tool is a function of one text, in the history too', () => {
    const custom = { type: 'custom', name: 'patch', description: 'd', format: { type: 'grammar' } };
    const args = { ...call('patch', '*** Begin'), kind: 'custom' as const };
    const { body } = encode({
      tools: [custom as ChatRequest['tools'][number]],
      turns: [user(text('hi')), assistant(args), user(result('patch', text('ok')))],
    });
    assert.match(JSON.stringify(body['tools']), /grammar.*"input"/);
    assert.match(JSON.stringify(body['contents']), /"args":\{"input":"\*\*\* Begin"\}/);
  });

  test('names that Google refuses are changed, and the change is told', () => {
    const { body, toolNames } = encode({ tools: [fn('9 lives')] });
    assert.match(JSON.stringify(body['tools']), /"name":"_9_lives"/);
    assert.deepEqual([...toolNames], [['_9_lives', '9 lives']]);
  });
});

describe('encoding contents', () => {
  test('calls and results carry the id on both sides or on neither', () => {
    const turns = [user(text('hi')), assistant(call('f')), user(result('f', text('ok')))];
    const both = JSON.stringify(encodeTurns(turns));
    assert.equal([...both.matchAll(/"id":"id_f"/g)].length, 2);
    const neither = encodeTurns(turns, { caps: { tool_call_ids: false } });
    assert.doesNotMatch(JSON.stringify(neither), /"id":/);
  });

  test('every call has its response, in call order, in one content (X-11, X-12)', () => {
    const turns = [
      user(text('hi')),
      assistant(call('f'), call('g'), call('h')),
      user(result('h', text('3'))),
      user(result('f', text('1')), text('go on')),
    ];
    const [, , answered] = encodeTurns(turns);
    assert.deepEqual(
      asObjects(answered?.['parts']).map((part) => [
        asObject(part['functionResponse'])['name'],
        asObject(part['functionResponse'])['response'],
        part['text'],
      ]),
      [
        ['f', { output: '1' }, undefined],
        ['g', { error: 'No result provided.' }, undefined],
        ['h', { output: '3' }, undefined],
        [undefined, undefined, 'go on'],
      ],
    );
  });

  const responses: [text: string, isError: boolean, json: string][] = [
    ['{"n":12345678901234567890}', false, '"response":{"output":{"n":12345678901234567890}}'],
    ['[1.0]', false, '"response":{"output":[1.0]}'],
    ['21', false, '"response":{"output":"21"}'],
    ['{broken', false, '"response":{"output":"{broken"}'],
    ['', false, '"response":{"output":""}'],
    ['boom', true, '"response":{"error":"boom"}'],
  ];
  for (const [content, isError, expected] of responses) {
    test(`the result ${content} is ${expected}`, () => {
      const failed = { ...result('f', text(content)), isError };
      const { json } = encode({ turns: [user(text('hi')), assistant(call('f')), user(failed)] });
      assert.ok(json.includes(expected), json);
    });
  }

  test('images of a result stand inside it, or behind all results (X-40)', () => {
    const turns = [
      user(text('hi')),
      assistant(call('f'), call('g')),
      user(result('f', text('see'), image(PNG)), result('g', text('ok'))),
    ];
    const beside = asObjects(encodeTurns(turns)[2]?.['parts']);
    assert.deepEqual(beside[2], PNG_PART);
    const inside = asObjects(encodeTurns(turns, GEMINI_3)[2]?.['parts']);
    assert.equal(inside.length, 2);
    assert.deepEqual(asObject(inside[0]?.['functionResponse'])['parts'], [PNG_PART]);
  });

  test('arguments keep their digits; what is no object is wrapped', () => {
    const turns = [
      user(text('hi')),
      assistant(
        call('f', '{"b":1.0,"a":12345678901234567890}'),
        call('g', 'oops'),
        call('h', ''),
        call('i', ' null'),
      ),
      user(result('f'), result('g'), result('h'), result('i')),
    ];
    const { json, warnings } = encode({ turns });
    assert.ok(json.includes('"args":{"b":1.0,"a":12345678901234567890}'));
    assert.ok(json.includes('"args":{"_raw":"oops"}'));
    assert.ok(json.includes('"name":"h","args":{}'));
    assert.ok(json.includes('"name":"i","args":{}'));
    assert.deepEqual(warnings, ['wrapped;field=tool_call.arguments']);
  });

  test('media go as bytes; only Google’s own addresses stay addresses (X-42)', () => {
    const url = (address: string): MediaSource => ({ kind: 'url', url: address, mime: undefined });
    const [content] = encodeTurns([
      user(image(PNG), image(url('gs://bucket/a.png')), {
        type: 'document',
        source: { kind: 'text', text: 'body' },
        title: 'T',
        context: undefined,
        cache: undefined,
      }),
    ]);
    assert.deepEqual(content?.['parts'], [
      PNG_PART,
      { fileData: { mimeType: 'image/png', fileUri: 'gs://bucket/a.png' } },
      { text: '[document: T]\nbody' },
    ]);
    const open = [user(image(url('https://example.com/a.png')))];
    assert.throws(() => encodeTurns(open), { status: 400, code: 'media_fetch_failed' });
  });

  test('detail is a resolution where the model has one', () => {
    const turns = [user(image(PNG, 'low'))];
    const [part] = asObjects(encodeTurns(turns, GEMINI_3)[0]?.['parts']);
    assert.deepEqual(part?.['mediaResolution'], { level: 'MEDIA_RESOLUTION_LOW' });
    assert.deepEqual(encode({ turns }).warnings, ['dropped;field=detail']);
  });

  test('what the model does not take in is refused', () => {
    const caps = { input: [] };
    assert.throws(() => encodeTurns([user(image(PNG))], { caps }), {
      code: 'unsupported_capability',
    });
  });
});

describe('state for Gemini', () => {
  const asked = user(text('hi'));
  const answered = user(result('f', text('ok')));

  test('its own goes back to where it was (X-15)', () => {
    const signed = { ...call('f'), signature: state('c2lnMQ==') };
    const [, model] = encodeTurns([asked, assistant(signed), answered], GEMINI_3);
    assert.equal(asObjects(model?.['parts'])[0]?.['thoughtSignature'], 'c2lnMQ==');
  });

  test('state that a client kept beside a call goes onto the call', () => {
    const carried = {
      type: 'reasoning',
      kind: 'redacted',
      text: '',
      signature: state('c2lnMQ==', { target: 'next' }),
    } as const;
    const [, model] = encodeTurns([asked, assistant(carried, call('f')), answered], GEMINI_3);
    const parts = asObjects(model?.['parts']);
    assert.equal(parts.length, 1);
    assert.equal(parts[0]?.['thoughtSignature'], 'c2lnMQ==');
  });

  test('another family’s and another dialect’s is dropped, and its words are never text (X-19)', () => {
    const foreign = (fields: Partial<Signature>) =>
      ({
        type: 'reasoning',
        kind: 'summary',
        text: 'secret',
        signature: state('x', fields),
      }) as const;
    const { json } = encode({
      turns: [
        asked,
        assistant(
          foreign({ dialect: 'anthropic-messages', family: 'claude' }),
          foreign({ family: 'gemma' }),
          text('hello'),
        ),
        asked,
      ],
    });
    assert.doesNotMatch(json, /secret|thoughtSignature/);
  });

  test('the first unsigned call of each step since the user spoke gets the bypass (X-15)', () => {
    const step = () => [assistant(call('f'), call('g')), user(result('f'), result('g'))];
    const turns = [asked, ...step(), assistant(text('ok')), asked, ...step(), ...step()];
    const { body, warnings } = encode({ turns }, GEMINI_3);
    const states = asObjects(body['contents']).map((content) =>
      asObjects(content['parts']).map((part) => part['thoughtSignature']),
    );
    const bypass = 'skip_thought_signature_validator';
    assert.deepEqual(states.flat().filter(Boolean), [bypass, bypass]);
    assert.deepEqual(states.at(-2), [bypass, undefined]);
    assert.deepEqual(warnings, ['bypassed;field=thought_signature']);
  });

  test('words beside results begin no turn: agents put their reminders there (X-15)', () => {
    const step = () => [assistant(call('f')), user(result('f'), text('<system-reminder>'))];
    const { body } = encode({ turns: [asked, ...step(), ...step()] }, GEMINI_3);
    const parts = asObjects(body['contents']).flatMap((content) => asObjects(content['parts']));
    assert.equal(parts.filter((part) => part['thoughtSignature'] !== undefined).length, 2);
  });
});
