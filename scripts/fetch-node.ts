import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform that this script runs on, as the registry's packages of Node name it. */
export const HOST_PLATFORM = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/**
 * A Node of another version or platform, such as `linux-arm64` and `24.21.0`, from the registry's
 * `node-<platform>` packages; npm checks what it downloads. Kept in the user's cache folder.
 */
export function fetchNode(platform: string, version: string): string {
  const folder = join(cacheFolder(), `node-${platform}-${version}`);
  const binary = join(folder, 'package', 'bin', platform.startsWith('win') ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(cacheFolder(), { recursive: true });
  const parts = mkdtempSync(`${folder}.part-`);
  console.error(`Fetching Node ${version} for ${platform} …`);
  const archive = runForOutput('npm', ['pack', '--silent', `node-${platform}@${version}`], parts);
  runForOutput('tar', ['-xzf', archive, '--wildcards', 'package/bin/*', 'package/LICENSE'], parts);
  rmSync(join(parts, archive));
  // In place at once: a download that was cut short is never taken for a Node.
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  renameSync(parts, folder);
  return binary;
}

function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'signalbox', 'node');
}

function runForOutput(command: string, args: string[], cwd: string): string {
  const shell = process.platform === 'win32';
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr || status}`);
  return stdout.trim();
}
