import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { sourceCommand } from '../support/source-command.ts';

export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface CliPlace {
  cwd?: string;
  /** The whole environment, but for what a process needs to start. */
  env?: Record<string, string>;
  /** What the command reads from stdin; without it there is none. */
  input?: string;
}

/** Runs `signalbox` from its sources and waits for its end. */
export function runCli(
  words: readonly string[],
  { cwd, env = {}, input }: CliPlace = {},
): Promise<CliRun> {
  const [node, ...entry] = sourceCommand('src/cli/index.ts');
  const child = spawn(node, [...entry, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A directory that goes away with the test. */
export async function temporaryDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
