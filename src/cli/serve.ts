import { type Command, InvalidArgumentError, Option } from 'commander';
import type { WorkerCommand } from '../app/start-app.ts';
import { plainHost } from '../config/plain-host.ts';
import { describeCrash } from '../core/describe-crash.ts';
import { LOG_LEVELS } from '../core/logger.ts';
import { composeGreeting } from './compose-greeting.ts';
import { isExecutable } from './is-executable.ts';

interface ServeOptions {
  config: string;
  host?: string;
  port?: number;
  logLevel?: string;
  watch: boolean;
  allowOpen?: boolean;
}

const EXAMPLES = `
Examples:
  $ signalbox                                  run ./config.yaml
  $ signalbox --config team.yaml --port 8080   run another file on another port
  $ signalbox --log-level debug                see how each model name is resolved`;

const MAX_PORT = 65_535;

/** `signalbox [serve]`: starts the proxy, the default command (CLI-1). */
export function registerServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('start the proxy')
    .option('-c, --config <file>', 'the config file', 'config.yaml')
    .option('--host <address>', 'listen on this address instead of server.host', parseHost)
    .option('--port <number>', 'listen on this port instead of server.port', parsePort)
    .addOption(new Option('--log-level <level>', 'instead of log.level').choices(LOG_LEVELS))
    .option('--no-watch', 'do not reload the config file when it changes')
    .option('--allow-open', 'listen beyond this machine although nobody needs a key')
    .addHelpText('after', EXAMPLES)
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const { startApp } = await import('../app/start-app.ts');
  const { StartError } = await import('../app/start-error.ts');
  reportCrashes();
  ignoreClosedPipes();
  try {
    const app = await startApp({
      workerCommand: workerCommand(options),
      configFile: options.config,
      host: options.host,
      port: options.port,
      logLevel: options.logLevel,
      watch: options.watch,
      allowOpen: options.allowOpen ?? false,
    });
    stopOnSignals(app);
    process.on('SIGHUP', () => app.reload());
    // Whoever waits for this line may signal at once.
    process.stdout.write(`Signalbox listens on ${app.url}\n`);
    // Programs read the line above, and nothing more.
    if (app.isPretty && process.stderr.isTTY) process.stderr.write(`${composeGreeting(app)}\n`);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    for (const line of error.lines) process.stderr.write(`${line}\n`);
    process.exitCode = 1;
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new InvalidArgumentError(`It is a number from 0 to ${MAX_PORT}.`);
}

function parseHost(text: string): string {
  if (text !== '') return plainHost(text);
  throw new InvalidArgumentError('It is an address of this machine.');
}

/** Whoever started the proxy need not read what it says; calls go on. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** The process that answers calls where `server.workers` asks for several. */
function workerCommand({ config, logLevel, allowOpen }: ServeOptions): WorkerCommand {
  const words = ['worker', '--config', config] as const;
  const [, script = ''] = process.argv;
  return {
    script: isExecutable() ? null : script,
    words: [
      ...words,
      ...(logLevel === undefined ? [] : ['--log-level', logLevel]),
      ...(allowOpen ? ['--allow-open'] : []),
    ],
  };
}

/** A fault that nobody caught ends the process, and is told without the words that may be a secret. */
export function reportCrashes(): void {
  const report = (thrown: unknown) => {
    process.stderr.write(`Signalbox crashed: ${JSON.stringify(describeCrash(thrown))}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}

/** Nobody who asks a second time waits longer, whatever hangs. */
const HURRY_MS = 2_000;

/** The first signal lets calls finish; a second one ends them at once, on the ledger (REL-3). */
function stopOnSignals(app: { stop(): Promise<void> }): void {
  let exitCode = 0;
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 2) process.exit(1);
      if (signals === 2) {
        exitCode = 1;
        setTimeout(() => process.exit(1), HURRY_MS).unref();
      }
      void app.stop().finally(() => process.exit(exitCode));
    });
  }
}
