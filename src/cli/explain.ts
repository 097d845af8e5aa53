import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ApiKey, Catalog } from '../catalog/catalog.ts';
import type { ExplainSurface } from '../pipeline/explain.ts';

/** Written out, so that a help page loads no pipeline. */
const SURFACES = [
  'chat',
  'responses',
  'messages',
  'gemini',
  'embeddings',
] satisfies ExplainSurface[];

interface ExplainOptions {
  config: string;
  apiKey?: string;
  surface: ExplainSurface;
  inputTokens?: number;
  maxTokens?: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox explain gpt-4o:cost                         who would serve it, and why
  $ signalbox explain gpt-4o:cost --input-tokens 200000   with a long prompt
  $ signalbox explain claude --surface messages           as Claude Code would ask
  $ signalbox explain gpt-4o --api-key ana --json         with ana's grants, for a program

A running proxy answers the same with its own measurements at GET /v1/route?model=gpt-4o:cost.`;

/** `signalbox explain MODEL`: says how a model string is resolved and routed (CLI-4). */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('say how a model name would be resolved and routed, without calling anyone')
    .argument('<model>', 'what a client would send as model, suffix and all')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--api-key <name>', 'judge by the grants of this key of the config')
    .addOption(
      new Option('--surface <name>', 'the API that is asked').choices(SURFACES).default('chat'),
    )
    .option('--input-tokens <n>', 'price a prompt of this length (default: 1000)', parseTokens)
    .option('--max-tokens <n>', 'price an answer of this length', parseTokens)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(explainModel);
}

async function explainModel(model: string, options: ExplainOptions, command: Command) {
  const { readConfigText, readyConfig } = await import('../app/read-config.ts');
  const { offlineView } = await import('../app/offline-view.ts');
  const { StartError } = await import('../app/start-error.ts');
  const { GatewayError } = await import('../core/gateway-error.ts');
  const { DEFAULT_INPUT_TOKENS, explain } = await import('../pipeline/explain.ts');
  const { formatExplanation } = await import('./format-explanation.ts');
  try {
    const text = await readConfigText(options.config);
    const { source } = await readyConfig(text, { file: options.config, allowOpen: true });
    const view = offlineView(source);
    const explanation = await explain(view, {
      model,
      surface: options.surface,
      apiKey: findApiKey(view.catalog, options.apiKey, command),
      size: {
        inputTokens: options.inputTokens ?? DEFAULT_INPUT_TOKENS,
        outputTokens: options.maxTokens ?? view.routingSettings.expected_output_tokens,
      },
    });
    const output = options.json
      ? JSON.stringify(explanation, null, 2)
      : formatExplanation(explanation);
    process.stdout.write(`${output}\n`);
  } catch (error) {
    if (error instanceof GatewayError) command.error(`error: ${error.message}`, { exitCode: 1 });
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function parseTokens(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a number of tokens.');
  return Number(text);
}

function findApiKey(catalog: Catalog, name: string | undefined, command: Command): ApiKey | null {
  if (name === undefined) return null;
  const apiKey = [...(catalog.apiKeys?.values() ?? [])].find((each) => each.name === name);
  return apiKey ?? command.error(`error: the config has no API key '${name}'`, { exitCode: 1 });
}
