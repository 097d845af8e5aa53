import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { eventually } from './eventually.ts';
import { sourceCommand } from './source-command.ts';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface CliPlace {
  /** The environment variables besides PATH. */
  variables?: Record<string, string>;
  cwd?: string;
}

/** A command of Signalbox as a process of its own. */
export interface CliRun {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  kill(signal: NodeJS.Signals): void;
  /** Closes what it writes to. */
  deafen(): void;
  /** The exit code, or the name of the signal that ended it. */
  exited: Promise<number | string | null>;
}

/** Runs `signalbox …` from the sources; killed after the test. */
export function startCli(
  t: TestContext,
  args: readonly string[],
  { variables, cwd = ROOT }: CliPlace = {},
): CliRun {
  const [node, ...words] = sourceCommand('src/cli/index.ts');
  const child = spawn(node, [...words, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...variables },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exited = once(child, 'close').then(([code, signal]) => code ?? signal);
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    pid: child.pid ?? 0,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    kill: (signal) => child.kill(signal),
    deafen() {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    exited,
  };
}

/** Runs a command to its end. */
export async function runCli(t: TestContext, args: readonly string[], place: CliPlace = {}) {
  const run = startCli(t, args, place);
  const code = await run.exited;
  return { code, stdout: run.stdout, stderr: run.stderr };
}

/** A proxy as a process of its own on a free port, with a folder for its config and its ledger. */
export async function serve(
  t: TestContext,
  config: Record<string, unknown>,
  variables: Record<string, string> = {},
) {
  const { configFile, ledgerFile } = await writeConfig(t, config);
  const run = startCli(t, ['serve', '--config', configFile, '--port', '0'], { variables });
  return { run, url: await listeningUrl(run), configFile, ledgerFile };
}

/** The URL that a proxy prints when it accepts requests. */
export async function listeningUrl(run: CliRun): Promise<string> {
  const ended = run.exited.then((code) => {
    throw new Error(`It ended with ${code} instead of listening:\n${run.stderr}`);
  });
  ended.catch(() => {});
  const url = eventually('the line with the URL', () => {
    return /^Signalbox listens on (http:\S+)\n/.exec(run.stdout)?.[1];
  });
  return Promise.race([url, ended]);
}

/** Writes a config, text or object, into a folder that goes with the test. */
export async function writeConfig(t: TestContext, config: string | Record<string, unknown>) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'config.yaml');
  const ledgerFile = join(folder, 'usage.jsonl');
  const text =
    typeof config === 'string' ? config : stringify({ usage: { file: ledgerFile }, ...config });
  await writeFile(configFile, text);
  return { configFile, ledgerFile };
}
