// npm run test:package: what a user does first, from the packed tarball on each Node and from the executable.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode, HOST_PLATFORM } from './fetch-node.ts';

/** The oldest Node that is promised, and one of each later line. */
const NODE_VERSIONS = ['20.19.0', '22.23.5', '24.21.0'];

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 60_000;

/** How a user starts Signalbox: words in front of its arguments, and all of the environment. */
interface Launch {
  title: string;
  command: readonly [string, ...string[]];
  env: Record<string, string>;
  cwd: string;
}

/** `init`, `serve`, a call, its line in the ledger, and `usage`. */
async function walk(launch: Launch): Promise<void> {
  const version = runForOutput(launch, ['--version']);
  assert.match(runForOutput(launch, ['init']), /^Wrote config\.yaml/);
  const startedAt = performance.now();
  const proxy = start(launch, ['serve', '--port', '0']);
  try {
    const url = await listeningUrl(proxy);
    const startMs = Math.round(performance.now() - startedAt);
    const requestId = await call(url);
    const ledger = readFileSync(join(launch.cwd, 'usage', 'usage.jsonl'), 'utf8');
    const [line = ''] = ledger.split('\n');
    assert.equal(JSON.parse(line).request_id, requestId);
    assert.ok(JSON.parse(line).cost_nanos_usd > 0, line);
    assert.match(runForOutput(launch, ['usage']), /demo/);
    console.log(
      `${launch.title}: ${version.trim()} listens after ${startMs} ms and writes its call down`,
    );
  } finally {
    await stop(proxy);
  }
}

async function call(url: string): Promise<string | null> {
  const messages = [{ role: 'user', content: 'Say hello.' }];
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo', messages }),
  });
  const body = (await answer.json()) as { choices: { message: { content: string } }[] };
  assert.equal(answer.status, 200);
  assert.match(body.choices[0]?.message.content ?? '', /Say hello\./);
  return answer.headers.get('x-request-id');
}

function start({ command: [program, ...words], env, cwd }: Launch, args: readonly string[]) {
  return spawn(program, [...words, ...args], { cwd, env, detached: true });
}

/** The whole group, because npx does not pass a signal on. */
async function stop(proxy: ReturnType<typeof start>): Promise<void> {
  const closed = once(proxy, 'close');
  if (proxy.pid !== undefined) process.kill(-proxy.pid, 'SIGTERM');
  await closed;
}

async function listeningUrl(proxy: ReturnType<typeof start>): Promise<string> {
  const timer = setTimeout(() => void stop(proxy), START_LIMIT_MS);
  let text = '';
  for await (const chunk of proxy.stdout) {
    text += chunk;
    const [, url] = /listens on (http:\S+)\n/.exec(text) ?? [];
    if (url === undefined) continue;
    clearTimeout(timer);
    return url;
  }
  throw new Error(`it ended without the line that it listens: ${text}`);
}

function runForOutput(launch: Launch, args: readonly string[]): string {
  const [program, ...words] = launch.command;
  const { cwd, env } = launch;
  const ran = spawnSync(program, [...words, ...args], { cwd, env, encoding: 'utf8' });
  assert.equal(ran.status, 0, `${launch.title} ${args.join(' ')}: ${ran.stderr}${ran.error ?? ''}`);
  return ran.stdout;
}

/** An empty folder with the tarball installed, and a PATH on which `node` is the given one. */
function installOn(version: string, tarball: string): Launch {
  const cwd = join(workFolder, version);
  const tools = join(workFolder, `tools-${version}`);
  for (const folder of [cwd, tools]) mkdirSync(folder);
  symlinkSync(fetchNode(HOST_PLATFORM, version), join(tools, 'node'));
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH: [tools, PATH].join(delimiter), HOME };
  const title = `Node ${version}`;
  const npm: Launch = { title, command: ['npm'], env, cwd };
  assert.equal(runForOutput({ ...npm, command: ['node'] }, ['--version']).trim(), `v${version}`);
  runForOutput(npm, ['install', '--offline', '--no-audit', '--no-fund', tarball]);
  return { ...npm, command: ['npx', '--offline', 'signalbox'] };
}

function executable(): Launch {
  const cwd = join(workFolder, 'bare');
  mkdirSync(cwd);
  const binary = join(ROOT, 'binaries', `signalbox-${HOST_PLATFORM}`);
  assert.ok(existsSync(binary), 'run `npm run build:binary` first');
  return { title: 'the executable', command: [binary], env: {}, cwd };
}

const workFolder = mkdtempSync(join(tmpdir(), 'signalbox-package-'));
try {
  const pack = ['pack', '--silent', '--pack-destination', workFolder];
  const packed = spawnSync('npm', pack, { cwd: ROOT, encoding: 'utf8' });
  assert.equal(packed.status, 0, packed.stderr);
  const tarball = join(workFolder, packed.stdout.trim());
  for (const version of NODE_VERSIONS) await walk(installOn(version, tarball));
  await walk(executable());
} finally {
  rmSync(workFolder, { recursive: true, force: true });
}
