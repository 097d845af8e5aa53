import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import type { App } from '../src/app/start-app.ts';
import { AGENTS } from './agents/agents.ts';
import {
  type DocCommand,
  listCommands,
  listFences,
  readDocuments,
} from './support/doc-commands.ts';
import { ROOT } from './support/start-cli.ts';
import { startQuietly } from './support/start-quietly.ts';

/** What cannot be run here, and why; its syntax is checked by the shell all the same. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm (start|test|run)\b/, 'runs this very suite, or longer than it; the script must exist'],
  [/^npm install --prefix/, 'asks the registry; `npm run test:package` installs the tarball'],
  [/^(cn|cline) /, 'needs a program that no test installs; was run by hand'],
  [
    /\b(claude|codex|gemini|opencode|qwen) /,
    'needs a coding agent; CONTRIBUTING.md tells how to run it',
  ],
  [/ doctor --live$/, 'asks real providers; test/app/doctor.test.ts asks such on loopback'],
  [/^duckdb /, 'needs DuckDB; its query was run by hand'],
  [/^(docker|kubectl|journalctl|sudo) /, 'needs a daemon or a cluster'],
];

/** With SIGNALBOX_TEST_AGENTS=1, the lines of agents that `npm run test:agents` has installed are run. */
const RUN_AGENTS = process.env['SIGNALBOX_TEST_AGENTS'] === '1';

/** JavaScript that imports what is no dependency of ours. */
const NOT_INSTALLED = /from '(@ai-sdk|@langchain|ai')/;

const DOCUMENTED_URL = '127.0.0.1:4356';
const LIMIT_MS = 60_000;

/** Files that the documents speak of and do not show. */
const FILES: Record<string, string> = {
  'bad.yaml': [
    'providers:',
    '  openai:',
    '    type: OPENAI',
    '    kyes: { default: os.environ/OPENAI_API_KEY }',
    'models:',
    '  gpt-4.1: { provider: opnai }',
    'model_alias:',
    '  fast: gpt-4.2',
    '',
  ].join('\n'),
  'litellm.yaml': 'model_list: [{ model_name: m, litellm_params: { model: openai/gpt-4o } }]\n',
};

/** What commands read: a provider key to encrypt, and what Claude Code tells its status line. */
const PROVIDER_KEY = 'sk-documented-key-abcd';
const STATUS = '{"session_id":"4f0c2a4e-2b2b-4a53-9f51-6f3d3c9c2a11"}';

const documents = readDocuments();
const fences = listFences(documents);
const commands = listCommands(fences);

let folder = '';
let app: App | undefined;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-docs-'));
  await writeTools();
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(folder, file), text);
  await copyFile(join(ROOT, 'config.example.yaml'), join(folder, 'config.example.yaml'));
  const example = await readFile(join(ROOT, 'config.example.yaml'), 'utf8');
  const configFile = join(folder, 'config.yaml');
  await writeFile(configFile, example.replace('./usage/', `${join(folder, 'usage')}/`));
  await mkdir(join(folder, 'etc'));
  await copyFile(join(ROOT, 'deploy/config.yaml'), join(folder, 'etc/config.yaml'));
  app = await startQuietly(configFile);
  await writeAgentSettings();
});
after(async () => {
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `signalbox`, `npx signalbox`, the executable and an installed package: all are the sources, bundled. */
async function writeTools(): Promise<void> {
  const bundle = join(folder, 'tools', 'cli.cjs');
  await build({
    entryPoints: [join(ROOT, 'src/cli/index.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['esbuild'],
    logLevel: 'error',
  });
  const run = `exec '${process.execPath}' '${bundle}' "$@"`;
  const scripts = {
    'tools/signalbox': run,
    'tools/npx': `shift\n${run}`,
    'signalbox-linux-x64': run,
    'opt/node_modules/.bin/signalbox': run,
  };
  for (const [file, body] of Object.entries(scripts)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** The settings that a page shows, where its agent looks for them. */
const SETTINGS: Record<string, string> = {
  'docs/clients/codex.md': '.codex/config.toml',
  'docs/clients/gemini-cli.md': '.gemini/settings.json',
  'docs/clients/opencode.md': '.config/opencode/opencode.json',
};

async function writeAgentSettings(): Promise<void> {
  for (const [document, file] of Object.entries(SETTINGS)) {
    const fence = fences.find((each) => each.document === document && each.language !== 'sh');
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), adapt(fence?.text ?? ''));
  }
}

/** The line as it is run here: on the proxy of this test, in its folder. */
function adapt(line: string): string {
  return line
    .replaceAll(DOCUMENTED_URL, new URL(app?.url ?? '').host)
    .replaceAll('/opt/signalbox', join(folder, 'opt'))
    .replaceAll('/etc/signalbox', join(folder, 'etc'));
}

function start(line: string): ChildProcess {
  const child = spawn('bash', ['-o', 'pipefail', '-c', adapt(line)], {
    cwd: folder,
    detached: true,
    env: {
      PATH: [join(folder, 'tools'), ...agentFolders(), process.env['PATH']].join(delimiter),
      HOME: folder,
      SIGNALBOX_TEAM_KEY: 'sk-team',
      SIGNALBOX_ADMIN_KEY: 'sk-admin',
      OPENAI_API_KEY: line.includes('bad.yaml') ? '' : 'sk-openai',
      TERM: 'dumb',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(`${line.includes('.session_id') ? STATUS : PROVIDER_KEY}\n`);
  return child;
}

/** Runs it to its end, or until it says what `until` waits for. */
async function run(line: string, until?: RegExp): Promise<{ code: number; output: string }> {
  const child = start(line);
  const stop = () => process.kill(-(child.pid ?? 0), 'SIGTERM');
  const timer = setTimeout(stop, LIMIT_MS);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (until?.test(output)) stop();
    });
  }
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { code: until?.test(output) ? 0 : (code ?? 1), output };
}

function agentFolders(): string[] {
  if (!RUN_AGENTS) return [];
  const cache = join(homedir(), '.cache', 'signalbox-agents');
  return AGENTS.map(({ npmPackage, program }) =>
    dirname(join(cache, npmPackage.replace(/^.*\//, ''), 'node_modules', program)),
  );
}

/** Some lines run until they are ended: what they say when they are well. */
function endlessUntil(line: string): RegExp | undefined {
  if (/--follow/.test(line)) return /\n/;
  if (/(^|&& |npx )(\.\/)?signalbox(-linux-x64)? (serve|--config)/.test(line))
    return /listens on http/;
  return undefined;
}

function reasonNotToRun({ line }: DocCommand): string | undefined {
  const [, reason] = NOT_RUN.find(([pattern]) => pattern.test(line)) ?? [];
  const isAgent = AGENTS.some(({ name }) => new RegExp(`(^| )${name} `).test(line));
  // The page on migration speaks of another port.
  return RUN_AGENTS && isAgent && !line.includes(':3456') ? undefined : reason;
}

/** What only a terminal sees. */
const PROMPT = 'The provider key, which is not shown:\n';

/** The shown output as a pattern: `…` stands for anything. */
function outputPattern(output: string): RegExp {
  const escaped = output
    .replace(PROMPT, '')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('…', '[^"]*');
  return new RegExp(`^${escaped}\\s*$`);
}

async function call(): Promise<void> {
  await fetch(`${app?.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }),
  });
}

describe('command lines of the documents', () => {
  test('there are some, and those of every page are seen', () => {
    assert.ok(commands.length >= 30, `${commands.length}`);
    assert.ok(commands.some(({ output }) => output !== null && output !== ''));
  });

  for (const command of commands) {
    const { document, line, output } = command;
    const reason = reasonNotToRun(command);
    test(`${document}: ${line}${reason === undefined ? '' : ` (not run: ${reason})`}`, async () => {
      const checked = spawnSync('bash', ['-n'], { input: line, encoding: 'utf8' });
      assert.equal(checked.status, 0, checked.stderr);
      if (reason !== undefined) return;
      await call();
      // One run writes what the next line reads, as for a reader who follows the page.
      if (/ init\b/.test(line)) await rm(join(folder, 'config.yaml'), { force: true });
      const until = endlessUntil(line);
      const ran = await run(until?.source.includes('listens') ? `${line} --port 0` : line, until);
      assert.equal(ran.code, line.includes('bad.yaml') ? 1 : 0, ran.output);
      if (output !== null) assert.match(ran.output, outputPattern(output));
    });
  }

  test('every script of the package that they name exists', async () => {
    const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
    const named = [...documents.values()].flatMap((text) =>
      [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    assert.deepEqual(
      [...new Set(named)].filter((name) => !Object.hasOwn(manifest.scripts, name)),
      [],
    );
  });

  test('every command and option of Signalbox that they name exists', async () => {
    const help = new Map<string, string>();
    const told = [...documents]
      .filter(([document]) => document !== 'CHANGELOG.md')
      .flatMap(([document, text]) =>
        [...text.matchAll(/`(?:npx )?signalbox ([a-z][^`\n]*)`/g)].map(([, words = '']) => ({
          document,
          words,
        })),
      );
    assert.ok(told.length > 20);
    for (const { document, words } of told) {
      const [path = ''] =
        /^[a-z]+(?: (?:new|keypair|encrypt|reprice|litellm|discover|update)\b)?/.exec(words) ?? [];
      if (!help.has(path)) help.set(path, (await run(`signalbox ${path} --help`)).output);
      const text = help.get(path) ?? '';
      assert.match(
        text,
        new RegExp(`^Usage: signalbox ${path}`),
        `${document}: signalbox ${words}`,
      );
      for (const [option] of words.matchAll(/--[a-z-]+/g)) {
        assert.ok(text.includes(option), `${document}: signalbox ${path} has no ${option}`);
      }
    }
  });
});

describe('programs of the documents', () => {
  for (const [index, { document, text }] of fences.entries()) {
    if (fences[index]?.language !== 'js') continue;
    const isRun = !NOT_INSTALLED.test(text);
    const title = /from '([^']+)'/.exec(text)?.[1];
    test(`${document}: ${title}${isRun ? '' : ' (not run: no dependency of ours)'}`, async () => {
      const file = join(folder, `program-${index}.mjs`);
      await writeFile(file, adapt(text));
      const checked = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
      assert.equal(checked.status, 0, checked.stderr);
      if (!isRun) return;
      const { code, output } = await run(`node ${file}`);
      assert.equal(code, 0, output);
      assert.match(output, /You said: Say hello\./);
    });
  }
});

describe('pages of coding agents', () => {
  const pages: Record<string, string> = {
    claude: 'claude-code',
    codex: 'codex',
    gemini: 'gemini-cli',
    opencode: 'opencode',
    qwen: 'qwen-code',
  };
  for (const agent of AGENTS) {
    test(`${agent.name} is started for ${agent.dialect} as in \`npm run test:agents\``, () => {
      const page = documents.get(`docs/clients/${pages[agent.name]}.md`) ?? '';
      const { environment, files = {} } = agent.start({
        url: `http://${DOCUMENTED_URL}`,
        model: 'the-model',
        prompt: 'Say hello.',
      });
      const settings = Object.entries(environment)
        .filter(([name, value]) => value !== 'the-model' && !name.includes('DISABLE'))
        .map(([name, value]) => `${name}=${value} `);
      const quoted = Object.values(files).flatMap((text) =>
        [...text.matchAll(/"[\w./:@-]+"/g)].map(([word]) => word),
      );
      const told = [...settings, ...quoted].map((word) => word.replaceAll('"', ''));
      const free = /^(signalbox\/)?the-model$/;
      assert.deepEqual(
        told.filter((word) => !free.test(word) && !page.includes(word)),
        [],
      );
    });
  }
});
