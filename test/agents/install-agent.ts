import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from './agent.ts';

/** Outside of the repository: together they are more than a gigabyte. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'signalbox-agents');

/** The agent's program, installed if it is missing; throws what npm says when that fails. */
export function installAgent({ npmPackage, program }: Agent): string {
  const folder = join(CACHE, npmPackage.replace(/^.*\//, ''));
  const path = join(folder, 'node_modules', program);
  if (existsSync(path)) return path;

  console.error(`Installing ${npmPackage} into ${folder} …`);
  mkdirSync(folder, { recursive: true });
  // The programs themselves come in packages for each platform; no script of anybody has to run.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['install', '--prefix', folder, ...options, npmPackage], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new Error(`npm cannot install it: ${result.stderr.trim()}`);
  if (!existsSync(path)) throw new Error(`the package has no program for ${process.platform}`);
  return path;
}
