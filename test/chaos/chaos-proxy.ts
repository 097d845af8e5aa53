import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/** How the proxy is started: a program and the words before `serve`. */
export type Command = readonly [program: string, ...words: string[]];

/** A proxy process that comes back on the same port however it ended. */
export interface ChaosProxy {
  readonly url: string;
  start(): Promise<void>;
  /** Sends the signal and returns the exit code, or the name of the signal that ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | null>;
  hangUp(): void;
  readonly isUp: boolean;
  /** Resident memory in MiB and open descriptors, where the system tells them. */
  measure(): Promise<{ rssMib: number; descriptors: number } | null>;
  /** What it wrote to stderr, the newest megabyte of it. */
  readonly log: string;
}

const MAX_LOG = 1024 * 1024;

/** A proxy that is not running yet. */
export async function createChaosProxy(command: Command, configFile: string): Promise<ChaosProxy> {
  const port = await findFreePort();
  let child: ChildProcess | null = null;
  let log = '';
  let isUp = false;

  return {
    url: `http://127.0.0.1:${port}`,
    async start() {
      const [program, ...words] = command;
      const serve = ['serve', '--config', configFile, '--port', String(port)];
      const started = spawn(program, [...words, ...serve], {
        env: { PATH: process.env['PATH'] },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      started.stderr.on('data', (chunk) => {
        log = `${log}${chunk}`.slice(-MAX_LOG);
      });
      const ended = once(started, 'close').then(() => {
        throw new Error(`The proxy did not start:\n${log.slice(-4_000)}`);
      });
      await Promise.race([once(started.stdout, 'data'), ended]);
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
    get isUp() {
      return isUp;
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
