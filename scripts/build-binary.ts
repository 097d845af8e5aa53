// npm run build:binary [-- linux-x64 …]: the bundle inside a copy of Node, for machines that have none.
// https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode, HOST_PLATFORM } from './fetch-node.ts';

/** One version for the blob and for what carries it: the blob's format belongs to the version. */
const NODE_VERSION = '24.21.0';

const PLATFORMS = ['linux-x64', 'linux-arm64'];

/** Where Node looks for a blob; the end of the word is fixed in its sources. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSUP = join(ROOT, 'node_modules', 'tsup', 'dist', 'cli-default.js');
const POSTJECT = join(ROOT, 'node_modules', 'postject', 'dist', 'cli.js');

function buildBinary(platform: string, workFolder: string): string {
  const blob = writeBlob(platform, workFolder);
  const binary = join(ROOT, 'binaries', `signalbox-${platform}`);
  copyFileSync(fetchNode(platform, NODE_VERSION), binary);
  chmodSync(binary, 0o755);
  // A fifth smaller. It fails, and changes nothing, where the tool is missing or for another processor.
  spawnSync('strip', [binary], { stdio: 'ignore' });
  run(process.execPath, [POSTJECT, binary, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE]);
  return binary;
}

function writeBlob(platform: string, workFolder: string): string {
  const output = join(workFolder, `${platform}.blob`);
  const settings = join(workFolder, `${platform}.json`);
  const content = {
    main: join(workFolder, 'cli.cjs'),
    output,
    disableExperimentalSEAWarning: true,
    // Compiled code fits the processor that compiled it; without it, the start compiles.
    useCodeCache: platform === HOST_PLATFORM,
  };
  writeFileSync(settings, JSON.stringify(content));
  run(fetchNode(HOST_PLATFORM, NODE_VERSION), ['--experimental-sea-config', settings]);
  return output;
}

function run(command: string, args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
}

mkdirSync(join(ROOT, 'binaries'), { recursive: true });
const workFolder = mkdtempSync(join(tmpdir(), 'signalbox-binary-'));
process.env['SIGNALBOX_SINGLE_FILE'] = '1';
run(process.execPath, [TSUP, '--silent', '--out-dir', workFolder]);
const platforms = process.argv.length > 2 ? process.argv.slice(2) : PLATFORMS;
for (const platform of platforms) {
  const binary = buildBinary(platform, workFolder);
  console.log(`${binary}  ${Math.round(statSync(binary).size / 1e6)} MB`);
}
rmSync(workFolder, { recursive: true });
