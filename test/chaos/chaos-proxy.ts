import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../support/start-cli.ts';

/** How the proxy is started: Node.js and the words between its own options and `serve`. */
export type Command = readonly [program: string, ...words: string[]];

/** A proxy process that comes back on the same port however it ended. */
export interface ChaosProxy {
  readonly url: string;
  start(): Promise<void>;
  /** Sends the signal and returns the exit code, or the name of the signal that ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | null>;
  hangUp(): void;
  /** Moves its wall clock away from the machine's by that much, now and whenever it starts again. */
  moveClock(offsetMs: number): void;
  /** Lets its files grow to that size and no further, as a full disk does; null = again without end. */
  limitFiles(bytes: number | null): Promise<void>;
  /** How many lines of the ledger it says were lost. */
  countLost(): Promise<number>;
  readonly isUp: boolean;
  /** How it ended though nobody here asked it to; null as it should be. */
  readonly endedBy: number | string | null;
  /** Resident memory in MiB and open descriptors, where the system tells them. */
  measure(): Promise<{ rssMib: number; descriptors: number } | null>;
  /** Memory in use after a collection of all garbage, in MiB; null if it is down. */
  measureLive(): Promise<number | null>;
  /** What it wrote to stderr, the newest megabyte of it. */
  readonly log: string;
}

const MIB = 1024 * 1024;

const MAX_LOG = MIB;

const PRELOADS = ['jumping-clock.mjs', 'live-memory.mjs'].flatMap((name) => [
  '--import',
  pathToFileURL(join(ROOT, 'test/chaos', name)).href,
]);

const run = promisify(execFile);

/** A proxy that is not running yet. */
export async function createChaosProxy(command: Command, configFile: string): Promise<ChaosProxy> {
  const port = await findFreePort();
  let child: ChildProcess | null = null;
  let log = '';
  let isUp = false;
  let endedBy: number | string | null = null;
  let clockOffsetMs = 0;
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    async start() {
      const [program, ...words] = command;
      const serve = ['serve', '--config', configFile, '--port', String(port)];
      const started = spawn(program, [...PRELOADS, ...words, ...serve], {
        env: { PATH: process.env['PATH'], CHAOS_CLOCK_OFFSET_MS: String(clockOffsetMs) },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = started;
      started.on('error', () => {});
      started.stderr?.on('data', (chunk) => {
        log = `${log}${chunk}`.slice(-MAX_LOG);
      });
      started.once('exit', (code, by) => {
        if (!isUp || child !== started) return;
        isUp = false;
        child = null;
        endedBy = code ?? by;
      });
      const ended = once(started, 'close').then(() => {
        throw new Error(`The proxy did not start:\n${log.slice(-4_000)}`);
      });
      await Promise.race([once(started.stdout as Readable, 'data'), ended]);
      ended.catch(() => {});
      isUp = true;
    },
    async end(signal) {
      if (child === null) return null;
      isUp = false;
      const closed = once(child, 'close');
      child.kill(signal);
      const [code, by] = await closed;
      child = null;
      return code ?? by;
    },
    hangUp: () => void child?.kill('SIGHUP'),
    moveClock(offsetMs) {
      clockOffsetMs = offsetMs;
      if (child?.connected) child.send({ clockOffsetMs }, () => {});
    },
    async limitFiles(bytes) {
      const limit = `--fsize=${bytes ?? 'unlimited'}:`;
      await run('prlimit', ['--pid', String(child?.pid), limit]).catch((error) => {
        if (isUp) throw error;
      });
    },
    async countLost() {
      const answer = await fetch(`${url}/health/ready`, { headers: { connection: 'close' } });
      return ((await answer.json()) as { ledger: { lost: number } }).ledger.lost;
    },
    get isUp() {
      return isUp;
    },
    get endedBy() {
      return endedBy;
    },
    async measure() {
      if (child?.pid === undefined) return null;
      const root = `/proc/${child.pid}`;
      const status = await readFile(`${root}/status`, 'utf8').catch(() => null);
      const kib = Number(/VmRSS:\s+(\d+)/.exec(status ?? '')?.[1]);
      const open = await readdir(`${root}/fd`).catch(() => null);
      if (Number.isNaN(kib) || open === null) return null;
      return { rssMib: kib / 1024, descriptors: open.length };
    },
    async measureLive() {
      const asked = child;
      if (!asked?.connected) return null;
      const done = new AbortController();
      const { signal } = done;
      asked.send({ wantsLiveBytes: true }, () => {});
      const answer = once(asked, 'message', { signal });
      const left = once(asked, 'disconnect', { signal });
      const [message] = await Promise.race([answer, left]);
      done.abort();
      await Promise.allSettled([answer, left]);
      return message === undefined ? null : message.liveBytes / MIB;
    },
    get log() {
      return log;
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
