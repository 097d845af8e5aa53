import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { sealEnvelope } from '../../src/secrets/seal-envelope.ts';
import { eventually } from '../support/eventually.ts';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { createKeyPair } from '../support/key-pair.ts';
import { listeningUrl, runCli, startCli, writeConfig } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { cutAnswer, plainAnswer, streamedAnswer, WIRES } from '../support/wires.ts';

/** In every secret, prompt and answer of this file, and nowhere else. */
const CANARY = 'canary7f3a';
const CLIENT_KEY = `sb-${CANARY}-client`;
const ADMIN_KEY = `sa-${CANARY}-admin`;

/** Every place in a config that can hold a secret holds one. */
async function plantCanaries(t: TestContext, upstreamUrl: string) {
  const { configFile, ledgerFile } = await writeConfig(t, '');
  const pem = join(dirname(configFile), 'rsa-1.pem');
  const { publicKey, privateKey } = createKeyPair();
  await writeFile(pem, privateKey, { mode: 0o600 });
  const sealed = await sealEnvelope(`sk-${CANARY}-sealed`, {
    publicKeyPem: publicKey,
    keyId: 'rsa-1',
  });
  const { providers, models } = oneModelConfig(upstreamUrl) as {
    providers: { up: object };
    models: { m: object };
  };
  const withUser = upstreamUrl.replace('http://', `http://user:${CANARY}@`);
  const config = {
    usage: { file: ledgerFile },
    log: { format: 'json' },
    admin_key: ADMIN_KEY,
    encryption: { private_keys: { 'rsa-1': pem } },
    providers: {
      up: { ...providers.up, keys: { main: 'os.environ/PROVIDER_KEY' } },
      literal: {
        ...providers.up,
        base_url: withUser,
        keys: { main: `sk-${CANARY}-literal`, old: { key: `sk-${CANARY}`, revoked: true } },
        config: { headers: { authorization: `Bearer ${CANARY}`, 'x-secret': CANARY } },
      },
      sealed: { ...providers.up, keys: { main: sealed } },
    },
    models: {
      ...models,
      literal: { ...models.m, provider: 'literal', config: { headers: { cookie: CANARY } } },
      sealed: { ...models.m, provider: 'sealed' },
    },
    api_keys: {
      ana: { key: CLIENT_KEY, models: ['*'] },
      env: { key: 'os.environ/CLIENT_KEY', models: [] },
      gone: { key: `sb-${CANARY}-gone`, models: [], revoked: true },
    },
  };
  await writeFile(configFile, stringify(config));
  const variables = {
    PROVIDER_KEY: `sk-${CANARY}-env`,
    CLIENT_KEY: `sb-${CANARY}-env`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${CANARY}`,
  };
  return { config, configFile, ledgerFile, variables, pem };
}

/** Asks the proxy, and keeps all that comes back. */
type Ask = (path: string, init?: RequestInit) => Promise<void>;

/** An upstream that answers with what is laid out for it, and then fails. */
async function scriptedUpstream(t: TestContext) {
  const answers: FakeAnswer[] = [];
  const { url } = await fakeUpstream(t, () => answers.shift() ?? { status: 500, body: ERROR });
  return { url, answers };
}

/** Every wire and every kind of key with every kind of answer, and with half a request. */
async function callEveryWay(ask: Ask, answers: FakeAnswer[]): Promise<void> {
  for (const wire of WIRES) {
    for (const model of ['m', 'literal', 'sealed', 'nobody']) {
      const streams = [streamedAnswer(wire), cutAnswer(wire)];
      const plain = [
        plainAnswer(wire),
        { status: 401, body: ERROR },
        { status: 429, body: ERROR },
        { body: '{"half":' },
        { headers: { 'content-type': 'text/html' }, body: '<html>' },
        { headers: { 'content-type': 'application/json' }, cut: true },
      ];
      const send = (isStream: boolean, answer: FakeAnswer, length?: number) => {
        answers.splice(0, answers.length, answer);
        const body = JSON.stringify(wire.request(model, isStream)).replace('"Hi"', `"${CANARY}"`);
        const headers = { 'content-type': 'application/json', 'x-api-key': CLIENT_KEY };
        const init = { method: 'POST', headers, body: body.slice(0, length) };
        return ask(wire.path(model, isStream), init);
      };
      for (const answer of streams) await send(true, answer);
      for (const answer of plain) await send(false, answer);
      await send(false, {}, -5);
    }
  }
}

/** Every page: as its owner, with a client's key, with a strange one, and with one in the query. */
async function lookAround(ask: Ask): Promise<void> {
  const own = { headers: { authorization: `Bearer ${ADMIN_KEY}` } };
  const page = { headers: { authorization: `Bearer ${CLIENT_KEY}` } };
  const strange = { headers: { authorization: `Bearer sb-${CANARY}-unknown`, cookie: CANARY } };
  const routes = ['m', 'literal', 'sealed', 'nobody'].map((model) => `/v1/route?model=${model}`);
  const history = ['requests', 'usage'].map((name) => `/v1/namespaces/default/${name}`);
  const lists = ['/v1/models', '/v1/models/m', '/v1beta/models'];
  const pages = ['/', '/ui', '/metrics', '/health/live', '/health/ready'];
  const views = ['catalogue', 'calls', 'usage', 'limits', 'route?model=literal'];
  const data = views.map((view) => `/ui/data/${view}`);
  for (const path of [...routes, ...history, ...lists, ...pages, ...data]) {
    await ask(path, own);
    await ask(path, page);
    await ask(path, strange);
    await ask(`${path}${path.includes('?') ? '&' : '?'}key=sb-${CANARY}-query`);
  }
}

const ERROR = JSON.stringify({ error: { message: 'Refused.', status: 'X', code: 'x' } });

describe('canaries planted as every kind of secret', () => {
  test('SEC-3: appear in no log, error, page or file while calls succeed, fail and are refused', async (t) => {
    const upstream = await scriptedUpstream(t);
    const place = await plantCanaries(t, upstream.url);
    const collector = await fakeUpstream(t, {});
    const args = ['serve', '--config', place.configFile, '--port', '0', '--log-level', 'trace'];
    const variables = { ...place.variables, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const run = startCli(t, args, { variables });
    const url = await listeningUrl(run);
    const seen: string[] = [];
    const answered = new Set<string>();
    const ask: Ask = async (path, init) => {
      const response = await fetch(url + path, init);
      const body = await response.text().catch(() => '');
      if (response.ok) answered.add(path.split('?')[0] ?? '');
      seen.push(`${[...response.headers].join('\n')}\n${body}`);
    };
    await callEveryWay(ask, upstream.answers);
    await lookAround(ask);
    // What is refused shows nothing: each of these was seen by its owner.
    for (const path of ['/ui', '/ui/data/catalogue', '/ui/data/calls', '/ui/data/limits'])
      assert.ok(answered.has(path), path);
    for (const path of ['/ui/data/usage', '/ui/data/route', '/metrics', '/v1/route'])
      assert.ok(answered.has(path), path);
    for (const page of ['requests', 'usage'])
      assert.ok(answered.has(`/v1/namespaces/default/${page}`), page);

    const reloads = () =>
      run.stderr.match(/Config reloaded|The changed config is not valid/g)?.length ?? 0;
    const rotated = JSON.stringify(place.config).replaceAll(`${CANARY}-literal`, `${CANARY}-new`);
    await writeFile(place.configFile, rotated);
    await eventually('the rotated keys', () => reloads() === 1);
    for (const broken of [
      rotated.replace(`"Bearer ${CANARY}"`, `"${CANARY}\\n"`),
      rotated.replace(`"sk-${CANARY}-new"`, `{"kee":"sk-${CANARY}-new"}`),
      rotated.replace(`"sa-${CANARY}-admin"`, `["sa-${CANARY}-admin"]`),
      `${rotated}\nkey: "sk-${CANARY}`,
    ]) {
      const before = reloads();
      await writeFile(place.configFile, broken);
      await eventually('the refusal', () => reloads() > before);
      await ask('/health/ready');
    }
    await rm(place.pem);
    run.kill('SIGTERM');
    assert.equal(await run.exited, 0);

    for (const by of ['model', 'api_key']) {
      const usage = await runCli(t, ['usage', '--file', place.ledgerFile, '--by', by, '--json']);
      assert.match(usage.stdout, /"requests"/, usage.stderr);
      seen.push(usage.stdout, usage.stderr);
    }
    const folder = dirname(place.ledgerFile);
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = files.flatMap((file) => (file.isFile() ? join(file.parentPath, file.name) : []));
    // With the sums that are remembered beside the ledger.
    const ledger = paths.filter((path) => relative(folder, path).startsWith('usage'));
    assert.ok(ledger.length > 1);
    for (const path of ledger) seen.push(await readFile(path, 'utf8'));
    const traces = collector.seen.map(({ body }) => body.toString());
    assert.match(traces.join(), /"signalbox.request_id"/);
    seen.push(run.stdout, run.stderr, ...traces);
    for (const text of seen) {
      const at = text.indexOf(CANARY);
      assert.equal(at, -1, text.slice(Math.max(0, at - 300), at + 100));
    }
    assert.ok(run.stderr.length > 1_000 && seen.length > 150, 'there was something to look at');
  });

  test('SEC-3: appear in no crash report', async (t) => {
    const { configFile, variables } = await plantCanaries(t, 'http://127.0.0.1:9');
    // A fault of ours, whose words hold what it was about.
    const fault = `process.on('SIGUSR2',()=>{throw new Error(process.env.PROVIDER_KEY)})`;
    const options = `--import=data:text/javascript,${encodeURIComponent(fault)}`;
    const args = ['serve', '--config', configFile, '--port', '0'];
    const run = startCli(t, args, { variables: { ...variables, NODE_OPTIONS: options } });
    await listeningUrl(run);
    run.kill('SIGUSR2');
    assert.equal(await run.exited, 1);
    assert.match(run.stderr, /^Signalbox crashed: \{"name":"Error","frames":\["at /m);
    assert.ok(!`${run.stdout}${run.stderr}`.includes(CANARY), run.stderr);
  });

  test('SEC-3: appear in no output of a command', async (t) => {
    // A provider that repeats whatever it was given.
    const upstream = await fakeUpstream(t, ({ headers, url }) => ({
      status: 401,
      body: JSON.stringify({ error: { message: JSON.stringify([headers, url]) } }),
    }));
    const { configFile, variables } = await plantCanaries(t, upstream.url);
    const commands = [
      ['doctor'],
      ['doctor', '--live', '--json'],
      ['models'],
      ['check'],
      ['check', '--json'],
      ['explain', 'literal', '--api-key', 'ana'],
      ['explain', 'sealed', '--json'],
    ].map(async (words) => {
      const run = await runCli(t, [...words, '--config', configFile], { variables });
      return { words, text: run.stdout + run.stderr };
    });
    for (const { words, text } of await Promise.all(commands)) {
      assert.ok(text.length > 0 && !text.includes(CANARY), `${words.join(' ')}: ${text}`);
    }
    assert.ok(upstream.seen.length > 0, 'the providers were asked');
  });
});
