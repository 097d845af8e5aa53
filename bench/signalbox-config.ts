import { createHash } from 'node:crypto';
import { ANSWER_KINDS, type AnswerKind } from './answer-kinds.ts';
import { USAGE } from './chat-answer.ts';

/** The name that clients ask for; an alias, as most configurations have. */
export function requestedModel(kind: AnswerKind): string {
  return `bench-${kind}`;
}

const INPUT_USD_PER_1K = 0.0025;
const OUTPUT_USD_PER_1K = 0.01;

/** What each call costs, in nano-dollars; a token's price is a whole number of them. */
export const BENCH_COST_NANOS =
  BigInt(USAGE.prompt_tokens) * nanosPerToken(INPUT_USD_PER_1K) +
  BigInt(USAGE.completion_tokens) * nanosPerToken(OUTPUT_USD_PER_1K);

function nanosPerToken(usdPer1k: number): bigint {
  return BigInt(Math.round(usdPer1k * 1e6));
}

interface ConfigPlace {
  upstreamPort: number;
  ledgerFile: string;
  apiKey: string;
  workers: number;
}

/** More than any benchmark makes: what is measured are the limits that let a call pass. */
const PLENTY = 1_000_000_000;

/**
 * A governed configuration: an API key, aliases, prices, limits in the five scopes that a call has
 * (everybody, team, API key, model, endpoint) and a ledger that no crash shortens.
 */
export function signalboxConfig(place: ConfigPlace): string {
  const { upstreamPort, ledgerFile, apiKey, workers } = place;
  const provider = (kind: AnswerKind) => ({
    type: 'CUSTOM',
    base_url: `http://127.0.0.1:${upstreamPort}/${kind}/v1`,
    keys: { main: 'sk-bench-upstream' },
  });
  const model = (kind: AnswerKind) => ({
    endpoints: [
      {
        provider: kind,
        slug: 'bench-slug',
        policies: { concurrency: { max: PLENTY } },
      },
    ],
    policies: { tokens: { per_day: PLENTY * 1000, max_output: 8_000 } },
    pricing: {
      input: { text_cost_per_1k_tokens: INPUT_USD_PER_1K },
      output: { text_cost_per_1k_tokens: OUTPUT_USD_PER_1K },
      cached_input_discount_percent: 50,
    },
  });
  const byKind = <T>(value: (kind: AnswerKind) => T, name: (kind: AnswerKind) => string) =>
    Object.fromEntries(ANSWER_KINDS.map((kind) => [name(kind), value(kind)]));
  // JSON is YAML too.
  return JSON.stringify({
    server: { workers },
    usage: { file: ledgerFile, durability: 'os' },
    providers: byKind(provider, (kind) => kind),
    models: byKind(model, (kind) => kind),
    model_alias: byKind((kind) => kind, requestedModel),
    policies: { requests: { per_minute: PLENTY } },
    teams: { bench: { budgets: [{ usd: PLENTY, period: 'month', timezone: 'Europe/Berlin' }] } },
    api_keys: {
      bench: {
        key: `sha256:${createHash('sha256').update(apiKey).digest('hex')}`,
        models: ['*'],
        team: 'bench',
        policies: {
          ip: { block: ['192.0.2.0/24'] },
          payload: { max_size: '8mb' },
          requests: { per_second: PLENTY, per_day: PLENTY },
          tokens: { per_minute: PLENTY * 1000, max_input: 1_000_000 },
        },
        budgets: [{ usd: PLENTY, period: 'day' }],
        quotas: [{ metric: 'tokens', limit: PLENTY * 1000, period: 'day' }],
      },
    },
  });
}
