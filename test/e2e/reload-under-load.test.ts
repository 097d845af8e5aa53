import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

const RELOADS = 100;
const CLIENTS = 3;

/** Ways to break a good file; each needs another check to be found. */
const BREAKS: readonly ((good: string) => string)[] = [
  (good) => `${good.slice(0, good.length / 2)}\n  : [half`,
  (good) => good.replace('provider: up', 'provider: nobody'),
  (good) => `${good}\nunknown_key: true\n`,
  (good) => good.replace(/team: .*/, 'team: [nobody]'),
  (good) => `a: &a [*a]\n${good}`,
];

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** A config in which all that a call uses names the version. */
function versionOf(version: number, base: Record<string, unknown>) {
  const { up } = base['providers'] as { up: { config: object } };
  const { m } = base['models'] as { m: object };
  const config = { ...up.config, headers: { 'x-version': `v${version}` } };
  const keys = { main: `sk-v${version}` };
  return {
    providers: { up: { ...up, config, keys } },
    models: { m: { ...m, slug: `slug-v${version}` } },
    api_keys: { ana: { key: 'sb-ana', models: ['m'], team: `team-v${version}` } },
    teams: { [`team-v${version}`]: {} },
  };
}

describe('a hundred reloads under load, half of them of broken files', () => {
  test('REL-1: no call fails, none mixes two configs, and each line has the hash of its own', async (t) => {
    const mixed: string[] = [];
    let call = 0;
    const upstream = await fakeUpstream(t, ({ headers, url, body }) => {
      const text = `${url}${body}`;
      const said = [
        /slug-(v\d+)/.exec(text)?.[1],
        headers['x-version'],
        /sk-(v\d+)/.exec(JSON.stringify(headers))?.[1],
      ];
      if (new Set(said).size !== 1) mixed.push(said.join(' '));
      const wire = WIRES.find(({ name }) => url.includes(name === 'gemini' ? 'models' : name))!;
      const isStream = /"stream":true|streamGenerate/.test(text);
      return isStream ? streamedAnswer(wire) : plainAnswer(wire);
    });
    const base = oneModelConfig(upstream.url);
    const proxy = await startProxy(t, versionOf(0, base));
    let good = await readFile(proxy.configFile, 'utf8');
    const versions = new Map([[hashOf(good), 0]]);
    const write = async (text: string) => {
      await writeFile(proxy.configFile, text);
      proxy.reload();
    };
    const ready = async () => {
      const response = await fetch(`${proxy.url}/health/ready`);
      return ((await response.json()) as { config: { hash: string; error: string | null } }).config;
    };
    let isOpen = true;
    const failures: string[] = [];
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (isOpen) {
        const wire = WIRES[call % WIRES.length]!;
        call += 1;
        const isStream = call % 3 === 0;
        const headers = { authorization: 'Bearer sb-ana' };
        const path = wire.path('m', isStream);
        const response = await proxy.post(path, wire.request('m', isStream), headers);
        const text = await response.text();
        const isWhole = isStream ? text.includes(wire.end) : text === JSON.stringify(wire.answer);
        if (response.status !== 200 || !isWhole) failures.push(`${response.status} ${text}`);
      }
    });
    for (let reload = 0; reload < RELOADS; reload += 1) {
      const isGood = reload % 2 === 0;
      const usage = { file: proxy.ledgerFile };
      if (isGood) good = stringify({ usage, ...versionOf(reload + 1, base) });
      if (isGood) versions.set(hashOf(good), reload + 1);
      await write(isGood ? good : BREAKS[reload % BREAKS.length]!(good));
      await eventually(`reload ${reload}`, async () => {
        const { hash, error } = await ready();
        return hash === hashOf(good) && (error === null) === isGood;
      });
    }
    isOpen = false;
    await Promise.all(clients);
    assert.deepEqual([failures, mixed], [[], []]);
    const lines = await proxy.ledger();
    for (const line of lines) {
      const version = versions.get(String(line['config_hash']));
      assert.deepEqual([line['slug'], line['team']], [`slug-v${version}`, `team-v${version}`]);
    }
    assert.equal(new Set(lines.map((line) => line['request_id'])).size, lines.length);
    assert.ok(lines.length > RELOADS, `${lines.length} calls`);
  });
});
