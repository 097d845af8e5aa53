import type { ChosenProvider } from './choose-providers.ts';
import type { StarterProvider } from './starter-providers.ts';

/** A first config file. */
export interface StarterConfig {
  text: string;
  /** The names of its providers. */
  providers: string[];
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
# This runs on the built-in simulator, which needs no account. Set a provider's key, such as
# OPENAI_API_KEY, and run \`signalbox init --force\` for a config that uses it.
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

/** Composes a config that names variables and holds no value of them; without providers, a simulated one. */
export function composeStarterConfig(chosen: readonly ChosenProvider[]): StarterConfig {
  if (chosen.length === 0) return { text: HEADER + SIMULATED, providers: ['simulated'] };
  const text = [
    HEADER,
    '\nproviders:\n',
    ...chosen.map(composeProvider),
    '\nmodels:\n',
    ...chosen.map(({ provider }) => composeModels(provider)),
    ALIASES,
  ].join('');
  return { text, providers: chosen.map(({ provider }) => provider.name) };
}

const ALIASES = `
# Other names for models, looked up first:
# model_alias:
#   fast: gpt-4.1
`;

function composeProvider({ provider, keyVariable }: ChosenProvider): string {
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
