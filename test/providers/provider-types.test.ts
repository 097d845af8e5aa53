import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Operation } from '../../src/dialects/operation.ts';
import { providerTypes } from '../../src/providers/index.ts';
import type { ProviderType } from '../../src/providers/provider-type.ts';

type TypeName = keyof typeof providerTypes;

interface UrlCase {
  type: TypeName;
  base: string;
  operation: Operation;
  slug?: string;
  config?: Record<string, unknown>;
  url: string;
}

const URLS: UrlCase[] = [
  {
    type: 'OPENAI',
    base: 'https://api.openai.com/v1',
    operation: 'chat',
    url: 'https://api.openai.com/v1/chat/completions',
  },
  {
    type: 'OPENAI',
    base: 'https://api.openai.com',
    operation: 'responses',
    url: 'https://api.openai.com/v1/responses',
  },
  {
    type: 'OPENAI',
    base: 'https://eu.example.com/v1/',
    operation: 'embeddings',
    url: 'https://eu.example.com/v1/embeddings',
  },
  {
    type: 'ANTHROPIC',
    base: 'https://api.anthropic.com',
    operation: 'messages',
    url: 'https://api.anthropic.com/v1/messages',
  },
  {
    type: 'ANTHROPIC',
    base: 'https://api.anthropic.com/v1',
    operation: 'messages_count_tokens',
    url: 'https://api.anthropic.com/v1/messages/count_tokens',
  },
  {
    type: 'GOOGLE',
    base: 'https://g.example.com',
    operation: 'generate_content',
    slug: 'gemini-2.5-pro',
    url: 'https://g.example.com/v1beta/models/gemini-2.5-pro:generateContent',
  },
  {
    type: 'GOOGLE',
    base: 'https://g.example.com/v1',
    operation: 'stream_generate_content',
    slug: 'tuned/a b',
    url: 'https://g.example.com/v1/models/tuned/a%20b:streamGenerateContent',
  },
  {
    type: 'AZURE_OPENAI',
    base: 'https://r.openai.azure.com',
    operation: 'chat',
    slug: 'dep',
    url: 'https://r.openai.azure.com/openai/v1/chat/completions',
  },
  {
    type: 'AZURE_OPENAI',
    base: 'https://r.openai.azure.com/openai/v1/',
    operation: 'responses',
    slug: 'dep',
    url: 'https://r.openai.azure.com/openai/v1/responses',
  },
  {
    type: 'AZURE_OPENAI',
    base: 'https://r.openai.azure.com/',
    operation: 'chat',
    slug: 'my dep',
    config: { api_version: '2024-10-21' },
    url: 'https://r.openai.azure.com/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21',
  },
  {
    type: 'VLLM',
    base: 'http://127.0.0.1:8000',
    operation: 'chat',
    url: 'http://127.0.0.1:8000/v1/chat/completions',
  },
  {
    type: 'CUSTOM',
    base: 'https://api.deepseek.com',
    operation: 'chat',
    url: 'https://api.deepseek.com/v1/chat/completions',
  },
  {
    type: 'CUSTOM',
    base: 'https://openrouter.ai/api/v1',
    operation: 'chat',
    url: 'https://openrouter.ai/api/v1/chat/completions',
  },
  {
    type: 'CUSTOM',
    base: 'https://api.z.ai/api/paas/v4',
    operation: 'chat',
    url: 'https://api.z.ai/api/paas/v4/chat/completions',
  },
  {
    type: 'CUSTOM',
    base: 'https://g.example.com/v1beta/openai',
    operation: 'chat',
    url: 'https://g.example.com/v1beta/openai/chat/completions',
  },
  {
    type: 'CUSTOM',
    base: 'https://api.perplexity.ai',
    operation: 'chat',
    config: { api_version: '' },
    url: 'https://api.perplexity.ai/chat/completions',
  },
  {
    type: 'CUSTOM',
    base: 'https://x.example.com',
    operation: 'generate_content',
    slug: 'g',
    url: 'https://x.example.com/v1beta/models/g:generateContent',
  },
  {
    type: 'MOCK',
    base: 'http://127.0.0.1:1234',
    operation: 'messages',
    url: 'http://127.0.0.1:1234/v1/messages',
  },
];

const AUTH: [TypeName, Operation, Record<string, string>][] = [
  ['OPENAI', 'chat', { authorization: 'Bearer k' }],
  ['ANTHROPIC', 'messages', { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' }],
  ['GOOGLE', 'generate_content', { 'x-goog-api-key': 'k' }],
  ['AZURE_OPENAI', 'chat', { 'api-key': 'k' }],
  ['VLLM', 'chat', { authorization: 'Bearer k' }],
  ['CUSTOM', 'chat', { authorization: 'Bearer k' }],
  [
    'CUSTOM',
    'messages',
    { authorization: 'Bearer k', 'x-api-key': 'k', 'anthropic-version': '2023-06-01' },
  ],
  ['CUSTOM', 'generate_content', { 'x-goog-api-key': 'k' }],
  ['MOCK', 'chat', { authorization: 'Bearer k' }],
];

function typeNamed(name: TypeName): ProviderType {
  return providerTypes[name];
}

describe('provider types', () => {
  for (const { type, base, operation, slug = 's', config = {}, url } of URLS) {
    test(`${type} joins ${base} and ${operation} to ${url}`, () => {
      const settings = typeNamed(type).settingsSchema.parse(config);
      assert.equal(typeNamed(type).url({ baseUrl: base, operation, slug }, settings), url);
    });
  }

  for (const [type, operation, headers] of AUTH) {
    test(`${type} authenticates ${operation} in its own way, and sends nothing without a key`, () => {
      const settings = typeNamed(type).settingsSchema.parse({});
      assert.deepEqual(typeNamed(type).headers({ key: 'k', operation }, settings), headers);
      const open = typeNamed(type).headers({ key: null, operation }, settings);
      assert.ok(!JSON.stringify(open).includes('"k"'));
    });
  }

  for (const [name, type] of Object.entries(providerTypes)) {
    test(`${name} parses empty settings, refuses unknown ones, and serves some operation`, () => {
      const settings = type.settingsSchema.parse({});
      assert.ok(type.operations(settings).size > 0);
      assert.equal(type.settingsSchema.safeParse({ no_such_setting: 1 }).success, false);
      assert.equal(type.id, name);
    });
  }

  test('Azure has no moderations, and its deployments API no Responses', () => {
    const { azure, dated } = {
      azure: providerTypes.AZURE_OPENAI.settingsSchema.parse({}),
      dated: providerTypes.AZURE_OPENAI.settingsSchema.parse({ api_version: '2024-10-21' }),
    };
    const serves = (settings: unknown) => providerTypes.AZURE_OPENAI.operations(settings);
    assert.deepEqual(
      [
        serves(azure).has('responses'),
        serves(dated).has('responses'),
        serves(azure).has('moderations'),
      ],
      [true, false, false],
    );
  });

  test('a simulated provider speaks every dialect, or those that it is told to', () => {
    const serves = (settings: object) => {
      const { settingsSchema, operations } = providerTypes.MOCK;
      return operations(settingsSchema.parse(settings));
    };
    for (const operation of ['chat', 'responses', 'messages', 'generate_content'] as const) {
      assert.ok(serves({}).has(operation));
      const isMessages = operation === 'messages';
      assert.equal(serves({ dialects: ['anthropic-messages'] }).has(operation), isMessages);
    }
  });

  test('SEC-4: a configured header cannot hold a line break', () => {
    const { settingsSchema } = providerTypes.OPENAI;
    assert.equal(settingsSchema.safeParse({ headers: { 'x-a': 'b\r\nx-c: d' } }).success, false);
    assert.equal(settingsSchema.safeParse({ headers: { 'x a': 'b' } }).success, false);
    assert.equal(settingsSchema.safeParse({ headers: { 'X-A': 'b' } }).success, true);
  });

  const LISTS: [TypeName, base: string, config: object, url: string, shape: string][] = [
    ['OPENAI', 'https://api.openai.com', {}, 'https://api.openai.com/v1/models', 'openai'],
    [
      'ANTHROPIC',
      'https://a.example.com/v1',
      {},
      'https://a.example.com/v1/models?limit=1000',
      'anthropic',
    ],
    [
      'GOOGLE',
      'https://g.example.com',
      {},
      'https://g.example.com/v1beta/models?pageSize=1000',
      'google',
    ],
    [
      'AZURE_OPENAI',
      'https://z.example.com',
      {},
      'https://z.example.com/openai/v1/models',
      'openai',
    ],
    [
      'AZURE_OPENAI',
      'https://z.example.com/openai/v1',
      { api_version: '2024-10-21' },
      'https://z.example.com/openai/models?api-version=2024-10-21',
      'openai',
    ],
    ['CUSTOM', 'https://o.example.com/api/v1', {}, 'https://o.example.com/api/v1/models', 'openai'],
    [
      'CUSTOM',
      'https://o.example.com',
      { dialects: ['anthropic-messages'] },
      'https://o.example.com/v1/models?limit=1000',
      'anthropic',
    ],
    [
      'VLLM',
      'http://gpu:8000',
      { dialects: ['anthropic-messages', 'openai-chat'] },
      'http://gpu:8000/v1/models',
      'openai',
    ],
    ['MOCK', 'http://127.0.0.1:1234', {}, 'http://127.0.0.1:1234/v1/models', 'openai'],
  ];
  for (const [name, baseUrl, config, url, shape] of LISTS) {
    test(`CLI-7: ${name} at ${baseUrl} is asked for its models at ${url}, with its key`, () => {
      const type: ProviderType = providerTypes[name];
      const settings = type.settingsSchema.parse(config);
      const list = type.modelList({ baseUrl, key: 'secret' }, settings);
      assert.deepEqual([list.url, list.shape], [url, shape]);
      assert.match(JSON.stringify(list.headers), /secret/);
      assert.doesNotMatch(
        JSON.stringify(type.modelList({ baseUrl, key: null }, settings)),
        /secret|null/,
      );
    });
  }
});
