import type { Environment } from '../config/env.ts';
import { STARTER_PROVIDERS, type StarterProvider } from './starter-providers.ts';

/** A first config file. */
export interface StarterConfig {
  text: string;
  /** The names of its providers. */
  providers: string[];
}

/** A provider whose key is in the environment. */
interface Found {
  provider: StarterProvider;
  keyVariable: string;
}

const HEADER = `# yaml-language-server: $schema=./signalbox.schema.json
#
# Signalbox. \`signalbox check\` validates this file, \`signalbox\` runs it, and a running proxy
# reloads it when it changes. \`signalbox schema > signalbox.schema.json\` writes the schema that
# editors complete from. Everything that can stand here is in config.example.yaml.

server:
  host: 127.0.0.1    # this machine only
  port: 4356
`;

const SIMULATED = `
# No provider key was found in the environment, so this runs on the built-in simulator.
# Set one, such as OPENAI_API_KEY, and run \`signalbox init --force\`.
providers:
  simulated:
    type: MOCK

models:
  demo:
    provider: simulated
    pricing:
      input: { text_cost_per_1k_tokens: 0.0005 }
      output: { text_cost_per_1k_tokens: 0.0015 }
`;

/** Composes a config from the names of the variables that are set; their values stay out of it. */
export function composeStarterConfig(environment: Environment): StarterConfig {
  const found = STARTER_PROVIDERS.flatMap((provider) => find(provider, environment));
  if (found.length === 0) return { text: HEADER + SIMULATED, providers: ['simulated'] };
  const text = [
    HEADER,
    '\nproviders:\n',
    ...found.map(composeProvider),
    '\nmodels:\n',
    ...found.map(({ provider }) => composeModels(provider)),
    ALIASES,
  ].join('');
  return { text, providers: found.map(({ provider }) => provider.name) };
}

const ALIASES = `
# Other names for models, looked up first:
# model_alias:
#   fast: gpt-4.1
`;

function find(provider: StarterProvider, environment: Environment): Found[] {
  const keyVariable = provider.keyVariables.find((variable) => environment[variable]);
  if (keyVariable === undefined) return [];
  const lacksUrl = provider.urlVariable !== undefined && !environment[provider.urlVariable];
  return lacksUrl ? [] : [{ provider, keyVariable }];
}

function composeProvider({ provider, keyVariable }: Found): string {
  const { name, type, urlVariable } = provider;
  const baseUrl = urlVariable === undefined ? provider.baseUrl : `os.environ/${urlVariable}`;
  return [
    `  ${name}:\n`,
    `    type: ${type}\n`,
    baseUrl === undefined ? '' : `    base_url: ${baseUrl}\n`,
    `    keys: { default: os.environ/${keyVariable} }\n`,
  ].join('');
}

function composeModels({ name, model }: StarterProvider): string {
  const wildcard = `  "${name}/*": { provider: ${name}, slug: "*" }    # any of its models\n`;
  return model === undefined ? wildcard : `${composeModel(name, model)}${wildcard}`;
}

/** Named with the provider in front unless the slug is known by itself, so that names stay apart. */
function composeModel(provider: string, slug: string): string {
  const name = slug.includes('/') ? `${provider}/${slug}` : slug;
  return `  ${name}: { provider: ${provider}, slug: ${slug} }\n`;
}
