import { createHash } from 'node:crypto';
import { orNothing, type YamlValue } from '../format-yaml.ts';
import { readText, type SourceMap } from '../source-map.ts';

/** The three blocks of settings; if two hold the same key, the later one wins, as in LiteLLM. */
export interface SettingBlocks {
  general: SourceMap;
  litellm: SourceMap;
  router: SourceMap;
}

/** The top-level blocks of a config. */
export type TopBlocks = Record<string, YamlValue | undefined>;

/** LiteLLM's own default, so that clients find the proxy where it was. */
const LITELLM_PORT = 4000;

/** The organisation of all keys, which gets LiteLLM's global budget. */
const EVERYONE = 'everyone';

const MASTER = 'master';

/** Reads the settings that Signalbox has too. https://docs.litellm.ai/docs/proxy/config_settings */
export function readSettings(blocks: SettingBlocks): TopBlocks {
  const { general, litellm } = blocks;
  const megabytes = takeNumber(general, 'max_request_size_mb');
  return {
    server: {
      port: LITELLM_PORT,
      max_body: megabytes === undefined ? undefined : `${megabytes}mb`,
    },
    log: orNothing({
      level: litellm.take('set_verbose') === true ? 'debug' : undefined,
      format: litellm.take('json_logs') === true ? 'json' : undefined,
    }),
    policies: orNothing({
      ip: orNothing({ allow: takeList(general, 'allowed_ips') }),
      concurrency: orNothing({ max: takeNumber(general, 'global_max_parallel_requests') }),
    }),
    routing: orNothing(readRouting(blocks)),
    ...readMasterKey(blocks),
  };
}

function readRouting({ litellm, router }: SettingBlocks): TopBlocks {
  const failures = takeNumber(router, 'allowed_fails') ?? takeNumber(litellm, 'allowed_fails');
  const pause = takeNumber(router, 'cooldown_time') ?? takeNumber(litellm, 'cooldown_time');
  const circuit = orNothing({
    // LiteLLM counts the failures that it still allows.
    failures: failures === undefined ? undefined : failures + 1,
    open: pause === undefined ? undefined : `${pause}s`,
  });
  const drops = litellm.take('drop_params');
  return {
    weights: readStrategy(router),
    circuit,
    strict_translation: drops === false ? true : undefined,
  };
}

const NO_WEIGHTS = { cost: 0, latency: 0, throughput: 0 };

function readStrategy(router: SourceMap): YamlValue | undefined {
  const strategy = readText(router, 'routing_strategy');
  if (strategy === undefined) return undefined;
  if (strategy === 'latency-based-routing') return { ...NO_WEIGHTS, latency: 1 };
  if (strategy === 'cost-based-routing') return { ...NO_WEIGHTS, cost: 1 };
  const reason = `\`${strategy}\` is not known here: endpoints are ordered for each call, by price and speed`;
  router.refuse('routing_strategy', reason);
  return undefined;
}

/** LiteLLM's master key becomes an API key that may call every model. */
function readMasterKey({ general, litellm }: SettingBlocks): TopBlocks {
  const key = readText(general, 'master_key');
  if (key === undefined) return {};
  const isVariable = key.startsWith('os.environ/');
  const digest = createHash('sha256').update(key).digest('hex');
  const budgets = readBudget(litellm);
  return {
    admin_key: isVariable ? key : undefined,
    api_keys: {
      [MASTER]: {
        key: isVariable ? key : `sha256:${digest}`,
        models: ['*'],
        organisation: budgets === undefined ? undefined : EVERYONE,
        // In LiteLLM a call without a known price is free.
        unpriced: budgets === undefined ? undefined : 'allow',
      },
    },
    organisations: budgets === undefined ? undefined : { [EVERYONE]: { budgets } },
  };
}

/** LiteLLM's periods begin with the calendar day, week or month. */
const PERIODS: Readonly<Record<string, string>> = {
  '24h': 'day',
  '1d': 'day',
  '7d': 'week',
  '30d': 'month',
  '1mo': 'month',
};

function readBudget(litellm: SourceMap): YamlValue | undefined {
  const usd = takeNumber(litellm, 'max_budget');
  const duration = readText(litellm, 'budget_duration');
  if (usd === undefined) return undefined;
  const period = duration === undefined ? 'total' : PERIODS[duration];
  if (period !== undefined) return [{ usd, period }];
  litellm.refuse('max_budget', 'goes with a duration that is no day, week or month');
  return undefined;
}

/** A number; a reference to a variable is refused, because its value is not known yet. */
export function takeNumber(source: SourceMap, key: string): number | undefined {
  const value = source.take(key);
  if (typeof value === 'number') return value;
  if (value !== undefined) source.refuse(key, 'is no number');
  return undefined;
}

function takeList(source: SourceMap, key: string): YamlValue | undefined {
  const value = source.take(key);
  if (Array.isArray(value)) return value.map(String);
  if (value !== undefined) source.refuse(key, 'is no list');
  return undefined;
}
