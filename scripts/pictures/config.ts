import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Keys of the pictured proxy, which is gone when the pictures are there. */
export const ADMIN_KEY = 'admin-key-of-the-pictures';
export const API_KEYS = {
  ana: 'sbx-ana-0000000001',
  ben: 'sbx-ben-0000000001',
  nightly: 'sbx-nightly-0001',
};

const price = (input: number, output: number) => ({
  input: { text_cost_per_1k_tokens: input },
  output: { text_cost_per_1k_tokens: output },
});

const simulated = (ttft_ms: number, tokens_per_second: number, more = {}) => ({
  type: 'MOCK',
  config: { ttft_ms, tokens_per_second, ...more },
});

const PROVIDERS = {
  openai: {
    ...simulated(90, 900),
    keys: { production: 'sk-production-openai-7f3a', 'client-a': 'sk-client-a-openai-91bc' },
  },
  azure: {
    ...simulated(160, 700, { faults: { status: 503, every: 6 } }),
    keys: { eu: 'azure-eu-key-00d2e4' },
  },
  anthropic: { ...simulated(120, 800), keys: { default: 'sk-ant-example-4c1d' } },
  google: { ...simulated(60, 1400), keys: { default: 'AIzaExample-Key-8e2f' } },
  'gpu-box': { ...simulated(40, 500), self_hosted: true, discount_percent: 15 },
};

const MODELS = {
  'gpt-4.1': {
    type: 'chat',
    capabilities: ['vision', 'tool_use'],
    context_window: 1_047_576,
    fallbacks: ['claude-sonnet-4-5'],
    endpoints: [
      { provider: 'openai', pricing: price(0.002, 0.008) },
      { provider: 'azure', slug: 'gpt41-eu', pricing: price(0.0022, 0.0088) },
    ],
  },
  'claude-sonnet-4-5': {
    provider: 'anthropic',
    capabilities: ['vision', 'reasoning', 'tool_use'],
    context_window: 200_000,
    pricing: { ...price(0.003, 0.015), cache_read_cost_per_1k_tokens: 0.0003 },
  },
  'gemini-2.5-flash': {
    provider: 'google',
    capabilities: ['vision', 'reasoning', 'tool_use'],
    context_window: 1_048_576,
    pricing: price(0.0003, 0.0025),
  },
  'qwen3-32b': { provider: 'gpu-box', slug: 'Qwen/Qwen3-32B', pricing: price(0.0001, 0.0003) },
  'team/*': { provider: 'gpu-box', slug: '*', pricing: 'none' },
};

const CALLERS = {
  ana: {
    key: API_KEYS.ana,
    models: ['*'],
    team: 'growth',
    budgets: [{ usd: 8, period: 'month', timezone: 'Europe/Berlin' }],
    policies: { requests: { per_minute: 60 } },
  },
  ben: {
    key: API_KEYS.ben,
    models: ['*'],
    team: 'growth',
    quotas: [{ metric: 'tokens', limit: 400_000, period: 'day' }],
  },
  nightly: {
    key: API_KEYS.nightly,
    models: ['qwen3-32b', 'gpt-4.1'],
    unpriced: 'allow',
    budgets: [{ usd: 25, period: 'week' }],
    policies: { concurrency: { max: 4 } },
  },
};

/** A proxy of a small team, on simulated providers. */
export function pictureConfig(folder: string): Record<string, unknown> {
  const pem = join(folder, 'team-2026.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return {
    server: { shutdown_grace: '50ms' },
    admin_key: ADMIN_KEY,
    usage: { file: join(folder, 'usage.jsonl') },
    encryption: { private_keys: { 'team-2026': pem } },
    policies: { requests: { per_minute: 600 } },
    providers: PROVIDERS,
    models: MODELS,
    variants: { 'gpt-4.1-clientA': { model: 'gpt-4.1', pricing: price(0.0024, 0.0096) } },
    model_alias: {
      fast: 'gemini-2.5-flash:latency',
      cheap: 'qwen3-32b',
      claude: 'claude-sonnet-4-5',
    },
    teams: { growth: { budgets: [{ usd: 500, period: 'month' }] } },
    api_keys: CALLERS,
  };
}
