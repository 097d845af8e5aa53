import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { updatePrices } from '../../src/cli/update-prices.ts';
import { runCli, temporaryDirectory } from './run-cli.ts';

const FILE = 'signalbox-prices.json';

const CONFIG = `providers:
  openai: { type: OPENAI, keys: { default: os.environ/OPENAI_API_KEY } }
models:
  gpt-9: { provider: openai }
`;

const env = { OPENAI_API_KEY: 'sk-x' };

function listed(id: string, model: string, price: number) {
  const match = { equals: model };
  return {
    id,
    name: id,
    api_pattern: `https://api\\.${id}\\.com`,
    pricing_urls: ['https://example.com'],
    models: [{ id: model, match, prices: { input_mtok: price, output_mtok: price } }],
  };
}

/** A list as its project publishes it, with a model that no bundled list has. */
const LIST = [
  listed('openai', 'gpt-9', 7),
  listed('anthropic', 'claude-9', 8),
  listed('google', 'gemini-9', 9),
];

async function server(t: TestContext, listener: RequestListener): Promise<string> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/data.json`;
}

async function place(t: TestContext): Promise<string> {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'config.yaml'), CONFIG);
  return cwd;
}

const update = (cwd: string, ...words: string[]) => runCli(['prices', 'update', ...words], { cwd });
const check = (cwd: string) => runCli(['check'], { cwd, env });

describe('signalbox prices update', () => {
  test('fetches a list beside the config, which then has the prices', async (t) => {
    const url = await server(t, (_request, response) => response.end(JSON.stringify(LIST)));
    const cwd = await place(t);
    const before = await check(cwd);
    assert.match(before.stderr, /^prices: the bundled list of 2026-/m);
    assert.match(before.stdout, /models\.gpt-9.*price/);
    const { code, stdout, stderr } = await update(cwd, '--from', url);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^Wrote ${FILE}: 3 models of 3 providers, of 20`));
    const after = await check(cwd);
    assert.match(after.stderr, /^prices: the fetched list of 20/m);
    assert.equal(after.stdout, '');
    assert.deepEqual((await readdir(cwd)).sort(), ['config.yaml', FILE]);
    assert.doesNotMatch(await readFile(join(cwd, FILE), 'utf8'), /pricing_urls/);
  });

  test('takes a list from a file, of the time of that file', async (t) => {
    const cwd = await place(t);
    await writeFile(join(cwd, 'list.json'), JSON.stringify(LIST));
    await utimes(join(cwd, 'list.json'), 1_900_000_000, 1_900_000_000);
    const { code, stdout } = await update(cwd, '--from', 'list.json');
    assert.equal(code, 0);
    assert.match(stdout, /of 2030-03-17T17:46:40\.000Z/);
  });

  const refused: [string, RequestListener, RegExp][] = [
    ['broken', (_request, response) => response.end('[{"id":"openai"'), /it is no JSON/],
    [
      'of another form',
      (_request, response) => response.end(JSON.stringify([{ ...LIST[0], models: 'all' }])),
      /it is no price list: 0 models /,
    ],
    [
      'without the usual providers',
      (_request, response) => response.end(JSON.stringify(LIST.slice(1))),
      /holds no prices of openai, anthropic, google/,
    ],
    [
      'with a price below zero',
      (_request, response) => response.end(JSON.stringify([...LIST, listed('cheap', 'gift', -1)])),
      /it is no price list: 3 models 0 prices/,
    ],
    [
      'with a pattern that could take for ever',
      (_request, response) =>
        response.end(JSON.stringify([...LIST, { ...listed('x', 'y', 1), api_pattern: '(a+)+$' }])),
      /it is no price list: 3 api_pattern/,
    ],
    ['not there', (_request, response) => response.writeHead(404).end(), /answers 404/],
    ['cut off', (_request, response) => void response.socket?.destroy(), /cannot be reached/],
    [
      'older than the bundled one',
      (_request, response) => {
        response.setHeader('last-modified', 'Wed, 01 Jan 2025 00:00:00 GMT');
        response.end(JSON.stringify(LIST));
      },
      /it is of 2025-01-01T00:00:00\.000Z, older than the bundled list/,
    ],
    [
      'huge',
      (_request, response) => {
        const block = Buffer.alloc(1_048_576, ' ');
        const pour = () => {
          while (!response.destroyed && response.write(block));
        };
        response.on('drain', pour);
        pour();
      },
      /it is too large for a price list/,
    ],
  ];
  for (const [title, listener, message] of refused) {
    test(`leaves everything as it is when the list is ${title}`, async (t) => {
      const url = await server(t, listener);
      const cwd = await place(t);
      const updating = updatePrices({ from: url, file: join(cwd, FILE), timeoutMs: 30_000 });
      await assert.rejects(updating, { name: 'UpdateError', message });
      assert.deepEqual(await readdir(cwd), ['config.yaml']);
    });
  }

  test('gives up on a list that never ends coming', async (t) => {
    const url = await server(t, (_request, response) => void response.write('['));
    const cwd = await place(t);
    const { code, stdout, stderr } = await update(cwd, '--from', url, '--timeout', '0.3');
    assert.equal(code, 1);
    assert.match(stderr, /^Nothing was written: .* takes too long\.$/m);
    assert.deepEqual([stdout, await readdir(cwd)], ['', ['config.yaml']]);
  });

  test('keeps the newer of two fetched lists', async (t) => {
    const cwd = await place(t);
    await writeFile(join(cwd, 'list.json'), JSON.stringify(LIST));
    await utimes(join(cwd, 'list.json'), 1_900_000_000, 1_900_000_000);
    await update(cwd, '--from', 'list.json');
    const kept = await readFile(join(cwd, FILE), 'utf8');
    await utimes(join(cwd, 'list.json'), 1_899_000_000, 1_899_000_000);
    const { code, stderr } = await update(cwd, '--from', 'list.json');
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`older than ${FILE}`));
    assert.equal(await readFile(join(cwd, FILE), 'utf8'), kept);
  });

  test('says where it cannot write, and what is no timeout', async (t) => {
    const cwd = await place(t);
    await writeFile(join(cwd, 'list.json'), JSON.stringify(LIST));
    await mkdir(join(cwd, FILE));
    const blocked = await update(cwd, '--from', 'list.json');
    assert.equal(blocked.code, 1);
    assert.match(blocked.stderr, /cannot be written/);
    assert.deepEqual((await readdir(cwd)).sort(), ['config.yaml', 'list.json', FILE]);
    const bad = await update(cwd, '--timeout', 'soon');
    assert.equal(bad.code, 2);
  });

  test('is told by `check` when what lies there is not used', async (t) => {
    const cwd = await place(t);
    const old = { as_of: '2025-01-01T00:00:00Z', source: 'x', providers: LIST };
    for (const [text, reason] of [
      [JSON.stringify(old), /not used: it is of 2025-01-01T00:00:00Z, older than the bundled list/],
      ['{', /not used: it is no JSON/],
    ] as const) {
      await writeFile(join(cwd, FILE), text);
      const { stderr } = await check(cwd);
      assert.match(stderr, /^prices: the bundled list of 2026-/m);
      assert.match(stderr, reason);
    }
  });
});
