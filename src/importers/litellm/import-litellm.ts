import { compareProblems, type Finding, formatPath, type Problem } from '../../config/finding.ts';
import { locate } from '../../config/locate.ts';
import { parseYaml } from '../../config/parse-yaml.ts';
import { isMap } from '../../config/tree.ts';
import { splitSuffix } from '../../routing/split-suffix.ts';
import type { YamlValue } from '../format-yaml.ts';
import type { ImportedConfig } from '../imported-config.ts';
import { createSourceMap, type SourceMap } from '../source-map.ts';
import {
  type Deployment,
  type DeploymentDefaults,
  formatTimeout,
  readDeployment,
} from './deployment.ts';
import { readAliases, readFallbacks } from './fallbacks.ts';
import { createProviderPool } from './provider-pool.ts';
import { REASONS } from './reasons.ts';
import { readSettings, type SettingBlocks, takeNumber } from './settings.ts';

/**
 * Reads the config file of a LiteLLM proxy. Settings without a counterpart are reported by their line, without
 * their value, which may be a secret.
 */
export function importLitellm(text: string): ImportedConfig {
  const yaml = parseYaml(text);
  if ('problems' in yaml) return { blocks: null, problems: yaml.problems };
  if (isOwnConfig(yaml.tree)) return { blocks: null, problems: [OWN_CONFIG] };
  const root = createSourceMap(isMap(yaml.tree) ? yaml.tree : {}, []);
  const blocks = readBlocks(root);
  const problems = root.unread(REASONS).map((finding) => place(yaml, finding));
  return { blocks, problems: problems.sort(compareProblems) };
}

const OWN_CONFIG: Problem = {
  severity: 'error',
  line: 1,
  column: 1,
  path: '',
  message: 'This is a Signalbox config already.',
};

function isOwnConfig(tree: unknown): boolean {
  return isMap(tree) && isMap(tree['models']) && tree['model_list'] === undefined;
}

function place(yaml: Parameters<typeof locate>[0], { severity, path, message }: Finding): Problem {
  return { severity, ...locate(yaml, path, 'key'), path: formatPath(path), message };
}

function readBlocks(root: SourceMap): ImportedConfig['blocks'] {
  const settings: SettingBlocks = {
    litellm: root.takeMap('litellm_settings'),
    router: root.takeMap('router_settings'),
    general: root.takeMap('general_settings'),
  };
  const defaults = readDefaults(root, settings);
  const pool = createProviderPool();
  const deployments = root
    .takeMaps('model_list')
    .flatMap((source) => readDeployment(source, pool, defaults))
    .filter(hasFreeName);
  const names = new Set(deployments.map(({ name }) => name));
  if (names.size === 0) return null;
  const fallbacks = readFallbacks([settings.litellm, settings.router], names);
  const { aliases, listed } = readAliases(settings.router);
  const { server, ...top } = readSettings(settings);
  return {
    server: listed ? { ...(server as object), list_aliases: true } : server,
    ...top,
    providers: pool.blocks(),
    models: Object.fromEntries(
      [...names].map((name) => {
        const own = deployments.filter((each) => each.name === name);
        return [name, { ...composeModel(own), fallbacks: fallbacks(name) }];
      }),
    ),
    model_alias: aliases,
  };
}

function readDefaults(
  root: SourceMap,
  { litellm, router, general }: SettingBlocks,
): DeploymentDefaults {
  const seconds = takeNumber(router, 'timeout') ?? takeNumber(litellm, 'request_timeout');
  const credentials = root.takeMaps('credential_list').map((each) => {
    each.take('credential_info');
    return [String(each.take('credential_name')), each.takeMap('credential_values')] as const;
  });
  return {
    timeout: seconds === undefined ? undefined : formatTimeout(seconds),
    concurrency:
      takeNumber(router, 'default_max_parallel_requests') ??
      takeNumber(general, 'max_parallel_requests'),
    credentials: new Map(credentials),
  };
}

function hasFreeName({ name, source }: Deployment): boolean {
  const suffix = splitSuffix(name)?.suffix;
  if (suffix === undefined) return true;
  source.refuseAll('model_name', `ends in \`:${suffix}\`, which orders endpoints here; rename it`);
  return false;
}

/** One deployment is the short form of a model, unless it has limits of its own. */
function composeModel(deployments: readonly Deployment[]): Record<string, YamlValue | undefined> {
  const [first, ...others] = deployments;
  if (first === undefined) return {};
  const facts = { ...first.facts };
  for (const other of others) {
    for (const [key, value] of Object.entries(other.facts)) {
      if (JSON.stringify(value) === JSON.stringify(first.facts[key])) continue;
      other.source.refuse(
        'model_name',
        `its \`${key}\` differs from that of the first deployment of this name, which holds here`,
      );
    }
  }
  const isShort = others.length === 0 && first.endpoint['policies'] === undefined;
  const { provider, slug, key, pricing } = first.endpoint;
  return isShort
    ? { provider, slug, key, ...facts, pricing }
    : { ...facts, endpoints: deployments.map(({ endpoint }) => endpoint) };
}
