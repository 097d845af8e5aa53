import type { ChosenProvider } from './choose-providers.ts';
import type { StarterProvider } from './starter-providers.ts';

/** A first config file. */
export interface StarterConfig {
  text: string;
  /** The names of its providers. */
  providers: string[];
  /** A model or alias to try it with; null where only the account knows its models. */
  model: string | null;
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

/** The provider that is written where there is none. */
export const SIMULATED_NAME = 'simulated';

/** Composes a config that names variables and holds no value of them; without providers, a simulated one. */
export function composeStarterConfig(chosen: readonly ChosenProvider[]): StarterConfig {
  if (chosen.length === 0) {
    const text = HEADER + SIMULATED + composeAliases([{ name: 'demo' }]);
    return { text, providers: [SIMULATED_NAME], model: 'fast' };
  }
  const models = chosen.flatMap(({ provider: { name: provider, model } }) =>
    model === undefined ? [] : [{ name: nameModel(provider, model), provider }],
  );
  const text = [
    HEADER,
    '\nproviders:\n',
    ...chosen.map(composeProvider),
    '\nmodels:\n',
    ...chosen.map(({ provider }) => composeModels(provider)),
    composeAliases(models),
  ].join('');
  const providers = chosen.map(({ provider }) => provider.name);
  return { text, providers, model: models.length === 0 ? null : 'fast' };
}

/** Names that the documentation asks for, and whose they are. */
const ALIASES = [
  // The wildcard of the provider serves the real one.
  { alias: 'gpt-4o', provider: 'openai', target: 'openai/gpt-4o' },
  { alias: 'claude', provider: 'anthropic' },
  { alias: 'gemini', provider: 'google' },
  { alias: 'fast' },
];

interface WrittenModel {
  name: string;
  provider?: string;
}

/** Each name leads to its own provider's model, or else to the first one. */
function composeAliases(models: readonly WrittenModel[]): string {
  const [first] = models;
  if (first === undefined) return '';
  const lines = ALIASES.map(({ alias, provider, target }) => {
    const own = provider && models.find((model) => model.provider === provider);
    return `  ${alias}: ${own ? (target ?? own.name) : first.name}\n`;
  });
  return `\n# Other names for models, looked up first; clients keep the name that they know.\nmodel_alias:\n${lines.join('')}`;
}

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
  return `  ${nameModel(provider, slug)}: { provider: ${provider}, slug: ${slug} }\n`;
}

function nameModel(provider: string, slug: string): string {
  return slug.includes('/') ? `${provider}/${slug}` : slug;
}
