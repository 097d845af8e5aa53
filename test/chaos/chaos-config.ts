import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Random } from './random.ts';

/** The config file of a chaos run, rewritten again and again. */
export interface ChaosConfig {
  /** The team that each good version names, by the version's hash. */
  teamOf: ReadonlyMap<string, string>;
  writeGood(): Promise<void>;
  writeBroken(): Promise<void>;
  readonly written: { good: number; broken: number };
}

interface Upstreams {
  file: string;
  ledgerFile: string;
  /** Base URLs of two simulators, the second one of Anthropic's dialect only. */
  urls: readonly [string, string];
}

/** Nanos per token, for every kind of input and of output; whole, so that nothing is rounded. */
export const NANOS_IN = 1_000;
export const NANOS_OUT = 2_000;

const PRICING = {
  input: { text_cost_per_1k_tokens: 0.001 },
  output: { text_cost_per_1k_tokens: 0.002 },
};

const DIALECTS = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'google-generate-content',
];

/** More than any run reaches: the counters take part, and must never refuse. */
const ROOM = 1_000_000_000;

const LIMITS = {
  policies: {
    requests: { per_minute: ROOM, per_day: ROOM },
    tokens: { per_minute: ROOM },
    concurrency: { max: ROOM },
  },
  budgets: [
    { usd: 1_000_000, period: 'day' },
    { usd: 1_000_000, period: 'month', timezone: 'Europe/Berlin' },
  ],
  quotas: [{ metric: 'tokens', limit: ROOM, period: 'week' }],
};

/** Writes the first good version with `writeGood`. */
export function createChaosConfig(upstreams: Upstreams, random: Random): ChaosConfig {
  const teamOf = new Map<string, string>();
  const written = { good: 0, broken: 0 };
  let good = '';

  const save = async (text: string) => {
    // Half of the editors write in place, half by rename.
    if (random.chance(0.5)) return writeFile(upstreams.file, text);
    await writeFile(`${upstreams.file}~`, text);
    await rename(`${upstreams.file}~`, upstreams.file);
  };
  return {
    teamOf,
    written,
    async writeGood() {
      written.good += 1;
      const team = `team-${written.good}`;
      good = stringify(versionOf(team, upstreams));
      teamOf.set(hashOf(good), team);
      await save(good);
    },
    async writeBroken() {
      written.broken += 1;
      const cut = random.between(1, good.length - 1);
      const broken = random.pick([
        `${good.slice(0, cut)}\n  : [broken`,
        good.replace('provider: native', 'provider: nobody'),
        `${good}\nunknown_key: true\n`,
        good.replace(/team: .*/, 'team: [nobody]'),
        `a: &a [*a]\n${good}`,
      ]);
      await save(broken);
    },
  };
}

function versionOf(team: string, { ledgerFile, urls: [native, translated] }: Upstreams) {
  const provider = (base_url: string, dialects: string[]) => ({
    type: 'CUSTOM',
    base_url,
    timeout: '30s',
    keys: { main: 'sk-chaos-canary-0001' },
    config: { dialects },
  });
  const model = (name: string) => ({ provider: name, slug: '*', pricing: PRICING });
  return {
    server: { shutdown_grace: '300ms' },
    usage: { file: ledgerFile, rotate: { max_size: '4mb', every: 'day', keep: ROOM } },
    log: { format: 'json' },
    // All that a window of measurements can hold is there long before memory is compared.
    routing: { window: '5m' },
    providers: {
      native: provider(native, DIALECTS),
      translated: provider(translated, ['anthropic-messages']),
    },
    models: { 'n/*': model('native'), 't/*': model('translated') },
    api_keys: { chaos: { key: 'sb-chaos-canary-0001', models: ['*'], team, ...LIMITS } },
    teams: { [team]: {} },
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
