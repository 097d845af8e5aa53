import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

function messageFor(text: string): string {
  const problems = problemsOf(text);
  assert.equal(problems.length, 1, problems.join('\n'));
  return (problems[0] ?? '').replace(/^\S+ .*?: /, '');
}

describe('wordIssue (CFG-2)', () => {
  const wordings: Record<string, string> = {
    'server: { port: high }': 'expected a number, got text',
    'server: { port: 80.5 }': 'expected a whole number, got a number',
    'server: { port: 70000 }': 'must be 65535 or less',
    'server: { port: -1 }': 'must be 0 or more',
    'server: { host: "" }': 'must not be empty',
    'server: { host: 127 }': 'expected text, got a number; put it in quotes',
    'server: { list_aliases: maybe }': 'expected true or false, got text',
    'server: { trust_proxy: 10.0.0.1 }': 'expected a list, got text',
    'server: { trust_proxy: [home] }': 'expected an IP address or a range such as 10.0.0.0/8',
    'server: [4356]': 'expected a map, got a list',
    'providers:': 'expected a map, got nothing',
    'providers: { p: MOCK }': 'expected a map, got text',
    'providers: { p: {} }':
      'is required: expected one of OPENAI, ANTHROPIC, GOOGLE, AZURE_OPENAI, VLLM, CUSTOM, MOCK',
    'providers: { p: { type: MOCK, keys: { a: [x] } } }': 'expected text or a map, got a list',
    'providers: { p: { type: MOCK, keys: { a: { revoked: true } } } }':
      'is required: expected text or a map',
    'providers: { p: { type: MOCK, keys: { a: { key: x, revoked: soon } } } }':
      'expected true or false, got text',
    'providers: { p: { type: MOCK, config: { headers: { "a b": c } } } }':
      'is not a valid header name',
    'providers: { p: { type: MOCK, config: { faults: { status: 200 } } } }': 'must be 400 or more',
    'routing: { weights: { cost: 0, latency: 0, throughput: 0 } }': 'needs one weight above 0',
    'api_keys: { k: {} }': 'is required: expected text',
    'providers: { p: { type: OPENAI, keys: sk-x } }':
      'expected a map, got text; write `keys: { default: os.environ/OPENAI_API_KEY }`',
    'providers: { p: { type: MOCK, api_key: sk-x } }':
      'unknown key `api_key`; write `keys: { default: os.environ/OPENAI_API_KEY }`',
    'model_list: []':
      'unknown key `model_list`; this is a LiteLLM config: `signalbox import litellm FILE` makes one of it',
  };
  for (const [text, message] of Object.entries(wordings)) {
    test(`${text} → ${message}`, () => assert.equal(messageFor(text), message));
  }

  const pricings: Record<string, string> = {
    'pricing: free': 'expected `none` or a map, got text',
    'pricing: { input: { text_cost_per_1k_tokens: -1 } }':
      '"-1" is negative; it is 0 or more US dollars',
    'config: { overrides: { model: x } }': 'is decided by the request and cannot be set here',
  };
  for (const [block, message] of Object.entries(pricings)) {
    test(`${block} → ${message}`, () => {
      const model = `models: { m: { provider: p, ${block} } }`;
      assert.equal(messageFor(`providers: { p: { type: MOCK } }\n${model}`), message);
    });
  }
});
