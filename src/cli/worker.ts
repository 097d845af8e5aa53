import type { Command } from 'commander';
import { reportCrashes } from './serve.ts';

interface WorkerOptions {
  config: string;
  logLevel?: string;
  allowOpen?: boolean;
}

/** `signalbox worker`: a process that `signalbox serve` starts for `server.workers`; not for people. */
export function registerWorker(program: Command): void {
  program
    .command('worker', { hidden: true })
    .requiredOption('--config <file>')
    .option('--log-level <level>')
    .option('--allow-open')
    .action(work);
}

async function work({ config, logLevel, allowOpen = false }: WorkerOptions, command: Command) {
  const { startWorker } = await import('../app/start-worker.ts');
  if (process.send === undefined) command.error('error: `signalbox serve` starts its workers');
  reportCrashes();
  // A terminal and some supervisors signal every process of a group; the owner says what is to be done.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  startWorker({ configFile: config, logLevel, allowOpen });
}
