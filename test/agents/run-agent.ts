import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Agent } from './agent.ts';

/** What the shell is to run: its output is nowhere in the prompt, so whoever has it has run it. */
const COMMAND = 'printf %s- 40 41 42 > made.txt && cat made.txt';
const OUTPUT = '40-41-42-';

const PATIENCE_MS = 120_000;

/** One agent's errand on one model. */
export interface Run {
  agent: Agent;
  program: string;
  url: string;
  model: string;
  /** The bodies that have arrived upstream since it was asked last. */
  takeBodies(): string[];
}

/**
 * Lets the agent do one turn with a call of its shell, in a home and folder of its own; gives what
 * was wrong: null = the file is written, its text went upstream, and the agent ended well.
 */
export async function runAgent(run: Run): Promise<string | null> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-agent-'));
  try {
    run.takeBodies();
    const { status, output } = await startIn(home, run);
    const made = await readFile(join(home, 'work', 'made.txt'), 'utf8').catch(() => 'no file');
    const wrong = findFault({ status, made: made.trim(), bodies: run.takeBodies() });
    return wrong === null ? null : `${wrong}\n${output.slice(-2_000)}`;
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function findFault(seen: { status: number | string; made: string; bodies: string[] }) {
  if (seen.made !== OUTPUT) return `made.txt: ${seen.made}`;
  if (!seen.bodies.some((body) => body.includes(OUTPUT))) return 'the output did not go upstream';
  return seen.status === 0 ? null : `ended with ${seen.status}`;
}

async function startIn(home: string, { agent, program, url, model }: Run) {
  const { tool, argument, more } = agent.shell;
  const call = JSON.stringify({ [argument]: COMMAND, ...more });
  const prompt = `Count. [[tool ${tool} ${call}]]`;
  const { args, environment, files = {} } = agent.start({ url, model, prompt });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  const folder = join(home, 'work');
  await mkdir(folder);
  // Nothing else of the user's environment reaches it: neither settings nor keys.
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = {
    PATH: path,
    PWD: folder,
    HOME: home,
    USERPROFILE: home,
    TERM: 'dumb',
    ...environment,
  };
  return awaitEnd(program, args, { cwd: folder, env });
}

/** The whole group of processes is ended afterwards: some agents leave servers of theirs behind. */
async function awaitEnd(
  program: string,
  args: string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<{ status: number | string; output: string }> {
  const child = spawn(program, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const end = () => endGroup(child.pid);
  const timer = setTimeout(end, PATIENCE_MS);
  process.once('exit', end);
  const status = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? String(signal)));
  });
  clearTimeout(timer);
  process.off('exit', end);
  end();
  return { status, output };
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}
