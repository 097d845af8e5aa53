/** The config of the golden table in the contract, section 14. */
export const GOLDEN_CONFIG = `
providers:
  openai: { type: MOCK }
  azure: { type: MOCK }
  google: { type: MOCK }
  ollama: { type: MOCK }
  moonshot: { type: MOCK }
  garage: { type: MOCK, self_hosted: true }
models:
  gpt-4: { provider: openai, pricing: none }
  gpt-4o:
    endpoints: [{ provider: openai }, { provider: azure, slug: gpt4o-eu }]
    pricing: none
  llama3:8b: { provider: ollama, pricing: none }
  openai/gpt-4o: { provider: openai, slug: gpt-4o, pricing: none }
  gemini-2.5-pro: { provider: google, pricing: none }
  moonshotai/kimi-k2.6:
    endpoints: [{ provider: moonshot }, { provider: garage }]
    pricing: none
variants:
  gpt-4o-clientA: { model: gpt-4o }
model_alias:
  gpt-4: gpt-4o
  fast: gpt-4o:latency
  self: self
  a: b
  b: gpt-4o
api_keys:
  base-only: { key: base-only-secret, models: [gpt-4o] }
  variant-only: { key: variant-only-secret, models: [gpt-4o-clientA] }
`;

interface GoldenRow {
  model: string;
  profile?: string;
  discount?: boolean;
  pinned?: string;
}

/** What each requested string resolves to; null = 404. */
export const GOLDEN_TABLE: Readonly<Record<string, GoldenRow | null>> = {
  'gpt-4o': { model: 'gpt-4o' },
  'gpt-4o:balanced': { model: 'gpt-4o' },
  'gpt-4o:cost': { model: 'gpt-4o', profile: 'cost' },
  'gpt-4o:fast': null,
  'gpt-4o:COST': null,
  'gpt-4o:': null,
  'gpt-4o:cost:latency': null,
  ':cost': null,
  'gpt-4': { model: 'gpt-4o' },
  'gpt-4:throughput': { model: 'gpt-4o', profile: 'throughput' },
  fast: { model: 'gpt-4o', profile: 'latency' },
  'fast:cost': { model: 'gpt-4o', profile: 'cost' },
  self: null,
  a: null,
  b: { model: 'gpt-4o' },
  'llama3:8b': { model: 'llama3:8b' },
  'llama3:8b:cost': { model: 'llama3:8b', profile: 'cost' },
  'llama3:cost': null,
  'openai/gpt-4o:latency': { model: 'openai/gpt-4o', profile: 'latency' },
  'openai:gpt-4o': { model: 'gpt-4o', pinned: 'openai' },
  'gpt-4o-clientA:cost': { model: 'gpt-4o-clientA', profile: 'cost' },
  'moonshotai/kimi-k2.6:discount': { model: 'moonshotai/kimi-k2.6', discount: true },
  'gpt-4o:discount': null,
  'gemini-2.5-pro:cost': { model: 'gemini-2.5-pro', profile: 'cost' },
};
