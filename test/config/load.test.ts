import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from '../../src/config/load.ts';
import { configOf, problemsOf } from './problems-of.ts';

describe('loadConfig', () => {
  test('ten mistakes give ten lines, each at its place and with advice (CFG-2, CFG-3, CFG-8, CLI-3)', () => {
    const text = readFileSync(new URL('fixtures/ten-mistakes.yaml', import.meta.url), 'utf8');
    assert.deepEqual(problemsOf(text, { ANTHROPIC_API_KEY: 'sk-ant-canary' }), [
      '2:3 server.prot: unknown key `prot`; did you mean `port`?',
      '3:19 server.shutdown_grace: expected a duration such as 30s, 5m or 1h, or milliseconds, got text',
      '6:11 providers.openai.type: expected one of OPENAI, ANTHROPIC, GOOGLE, AZURE_OPENAI, VLLM, CUSTOM, MOCK; did you mean `OPENAI`?',
      '7:19 providers.openai.keys.main: the environment variable NO_SUCH_VARIABLE is unset or empty; export it before you start; no .env file is read',
      '11:23 providers.claude.discount_percent: must be 100 or less',
      '14:15 models.sonnet.provider: unknown provider `cluade`; did you mean `claude`?',
      '16:5 models.sonnet.polices: unknown key `polices`; did you mean `policies`?',
      '17:35 models.opus.type: expected one of chat, reasoning, image, embeddings, audio, moderation, transcription, tts; did you mean `chat`?',
      '19:28 variants.sonnet-clientA.model: unknown model `sonett`; did you mean `sonnet`?',
      '21:3 model_alias.best:cost: a name cannot end in the suffix `:cost`',
    ]);
  });

  test('an empty file is a config of defaults', () => {
    for (const text of ['', '# nothing yet\n', '{}']) {
      const config = configOf(text);
      assert.equal(config.server.port, 4356);
      assert.equal(config.server.host, '127.0.0.1');
      assert.equal(config.server.max_body, 64 * 1024 * 1024);
      assert.equal(config.usage.durability, 'os');
      assert.deepEqual(config.routing.weights, { cost: 0.4, latency: 0.3, throughput: 0.3 });
      assert.equal(config.routing.circuit.max_open, 300_000);
      assert.equal(config.api_keys, undefined);
    }
  });

  test('an error anywhere means no config; warnings do not', () => {
    assert.equal(loadConfig('server: { port: many }', {}).config, null);
    assert.ok(loadConfig('admin_key: plain-text', {}).config);
  });

  test('a file that is no map is told so', () => {
    assert.deepEqual(problemsOf('- openai\n- anthropic\n'), ['1:1 expected a map, got a list']);
  });

  test('the hash tells one text from another', () => {
    const { configHash } = loadConfig('server: {}', {});
    assert.match(configHash, /^[0-9a-f]{12}$/);
    assert.notEqual(loadConfig('server: { port: 1 }', {}).configHash, configHash);
  });

  test('a printed config shows no secret (SEC-3)', () => {
    const config = configOf(
      `
admin_key: canary-admin-1234
providers: { p: { type: OPENAI, keys: { a: canary-provider-1234, b: { key: canary-second-1234 } } } }
api_keys: { c: { key: os.environ/CLIENT, models: ["*"] } }`,
      { CLIENT: 'canary-client-1234' },
    );
    for (const printed of [JSON.stringify(config), inspect(config, { depth: null })]) {
      assert.ok(!printed.includes('canary-'), printed);
    }
  });
});

describe('loadConfig: time', () => {
  const many = (model: (index: number) => string) =>
    Array.from({ length: 3_000 }, (_, index) => `  m${index}: ${model(index)}\n`).join('');
  const files = {
    'models that merge one anchor': `
providers: { p: { type: MOCK } }
models:
  base: &base { provider: p, key: missing }
${many(() => '{ <<: *base }')}`,
    'fallbacks that are not there': `
providers: { p: { type: MOCK } }
models:
${many((index) => `{ provider: p, fallbacks: [n${index}x] }`)}`,
  };
  for (const [name, text] of Object.entries(files)) {
    test(`CFG-2: thousands of ${name} are told in seconds, each at its place`, () => {
      const startMs = performance.now();
      assert.ok(problemsOf(text).length >= 3_000);
      // Each finding used to read the whole file once more, which took minutes.
      assert.ok(performance.now() - startMs < 10_000);
    });
  }
});

describe('loadConfig: messages never show a value (CFG-3, SEC-3)', () => {
  const everywhere = `
server: { host: os.environ/V, port: os.environ/V, max_body: os.environ/V }
admin_key: os.environ/V
log: { level: os.environ/V }
providers:
  a: { type: os.environ/V }
  b: { type: CUSTOM, base_url: os.environ/V, timeout: os.environ/V, keys: os.environ/V }
  c: { type: MOCK, discount_percent: os.environ/V, config: { ttft_ms: os.environ/V } }
models:
  m: { provider: os.environ/V, key: os.environ/V, pricing: os.environ/V }
  n: { provider: c, key: os.environ/V, fallbacks: [os.environ/V], type: os.environ/V }
  o: { provider: c, pricing: { input: { text_cost_per_1k_tokens: os.environ/V } } }
variants: { v: { model: os.environ/V } }
model_alias: { os.environ/V: os.environ/V, x: os.environ/V }
api_keys: { k: { key: os.environ/V, models: [os.environ/V], team: os.environ/V, expires_at: os.environ/V } }
`;
  for (const value of ['canary-of-text', '-918273645', 'sha256:canary', 'http://canary:x']) {
    test(`with ${value.slice(0, 6)}… in every place`, () => {
      const problems = problemsOf(everywhere, { V: value });
      assert.ok(problems.length > 10);
      for (const problem of problems) {
        assert.ok(!/canary|918273645/.test(problem), problem);
      }
    });
  }

  test('a literal in the place of a secret is not repeated either', () => {
    const problems = problemsOf(`
admin_key: [canary]
providers: { p: { type: OPENAI, keys: { a: [canary], b: { kye: canary } } } }
api_keys: { k: { key: "sha256:canary" } }`);
    assert.equal(problems.length, 5);
    for (const problem of problems) assert.ok(!problem.includes('canary'), problem);
  });
});
