import { type ChildProcess, type ForkOptions, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load-order.ts';
import type { Launch } from './targets/target-kind.ts';

/** Where scripts/bench.mjs puts the bundles of `processes/`, made as the product's own is. */
const BUNDLES = new URL('../node_modules/.cache/signalbox-bench/', import.meta.url);

/** The product, as a user starts it. */
export const SIGNALBOX = fileURLToPath(new URL('../bin/signalbox.js', import.meta.url));

/** The path of one process's bundle. */
export function bundleOf(name: 'bare' | 'least' | 'load' | 'report-cpu' | 'upstream'): string {
  return fileURLToPath(new URL(`${name}.cjs`, BUNDLES));
}

/** A server that accepts requests. */
export interface RunningServer {
  pid: number;
  port: number;
  stop(): Promise<void>;
}

/** Nothing here is worth an orderly end. */
const STOP = 'SIGKILL';

/** Characters of a server's output that an error can quote. */
const OUTPUT_KEPT = 16 * 1024;

/** Half a minute. */
const START_TRIES = 3_000;
const START_PAUSE_MS = 10;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill(STOP);
});

function adopt(child: ChildProcess): ChildProcess {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(STOP);
  await exited;
}

/** Starts a program; resolves when it prints the URL that it listens on, or accepts connections at its port. */
export async function startServer(launch: Launch): Promise<RunningServer> {
  const { program = process.execPath, words, port } = launch;
  const child = adopt(spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] }));
  const running = (on: number): RunningServer => ({
    pid: child.pid as number,
    port: on,
    stop: () => end(child),
  });
  const printed = printedPort(child, `${program} ${words.join(' ')}`);
  if (port === undefined) return running(await printed);
  await Promise.race([accepts(port), printed]);
  return running(port);
}

function printedPort(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output = (output + chunk).slice(-OUTPUT_KEPT);
      const [, port] = /listens on http:\/\/[^\s:]+:(\d+)/.exec(output) ?? [];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (signal === STOP) return;
      // Whoever waits for an answer would learn only that the connection was closed.
      process.stderr.write(`${command} exited with ${code ?? signal}:\n${output}\n`);
      reject(new Error(`${command} did not start`));
    });
  });
}

/** Resolves when somebody accepts connections there. */
async function accepts(port: number): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await setTimeout(START_PAUSE_MS);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`Nobody listens on port ${port}`);
}

/** The load process. */
export interface LoadProcess {
  /** Carries out one order; throws if anything was not answered with 200. */
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Starts the load process. */
export function startLoad(): LoadProcess {
  const options: ForkOptions = { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] };
  const child = adopt(fork(bundleOf('load'), [], options));
  const died = new AbortController();
  child.once('exit', () => died.abort());
  return {
    async run(order) {
      const answered = once(child, 'message', { signal: died.signal });
      child.send(order);
      const [result] = (await answered) as [LoadResult];
      if (result.failure !== null) throw new Error(`${order.path}: ${result.failure}`);
      return result;
    },
    stop: () => end(child),
  };
}
