import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import type { TargetKind } from './target-kind.ts';

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'signalbox-bench');
const FOLDER = join(CACHE, 'portkey');
const PROGRAM = join(FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js');

/** With the newest adapter that its range allows, this version answers every stream with 500. */
const MANIFEST = {
  private: true,
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { '@hono/node-server': '1.12.0' },
};

/** What a user of `npx` would take instead. It keeps no ledger and no limits in its open edition. */
export const portkey: TargetKind = {
  name: 'portkey',
  async prepare() {
    const failure = install();
    if (failure !== null) return failure;
    const port = await freePort();
    return { words: [PROGRAM, '--headless', `--port=${port}`], port };
  },
  request: (kind, { upstreamPort }) => ({
    path: '/v1/chat/completions',
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/${kind}/v1`,
    },
  }),
};

/** Installs it outside of the repository if it is missing; what npm says if that fails. */
function install(): string | null {
  if (existsSync(PROGRAM)) return null;
  process.stderr.write(`Installing Portkey's gateway into ${FOLDER} …\n`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify(MANIFEST));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const isWindows = process.platform === 'win32';
  const { status, stderr } = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['install', ...options], {
    cwd: FOLDER,
    encoding: 'utf8',
    shell: isWindows,
  });
  return status === 0 ? null : `npm cannot install it: ${stderr.trim()}`;
}
