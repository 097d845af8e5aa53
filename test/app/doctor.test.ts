import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Diagnosis } from '../../src/app/doctor/diagnosis.ts';
import { examine } from '../../src/app/doctor/examine.ts';
import { systemClock } from '../../src/core/clock.ts';
import { sealEnvelope } from '../../src/secrets/seal-envelope.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { BUNDLED_LIST } from '../../src/usage/price-list.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { createKeyPair } from '../support/key-pair.ts';
import { writeConfig } from '../support/start-cli.ts';

const KEY = 'sk-provider-secret-0001';
const SERVER = { port: 0 };
const PRICE = {
  input: { text_cost_per_1k_tokens: 0.001 },
  output: { text_cost_per_1k_tokens: 0.002 },
};

/** Everything that the doctor says of a config. */
async function diagnose(
  t: TestContext,
  config: Record<string, unknown>,
  live = true,
): Promise<Diagnosis[]> {
  const { configFile } = await writeConfig(t, { server: SERVER, ...config });
  const diagnoses: Diagnosis[] = [];
  await examine({ configFile, live, onDiagnosis: (diagnosis) => void diagnoses.push(diagnosis) });
  return diagnoses;
}

/** Those about one thing. */
function about(diagnoses: readonly Diagnosis[], subject: string): Diagnosis[] {
  return diagnoses.filter((each) => each.subject === subject);
}

async function simulator(t: TestContext) {
  const started = await startSimulator();
  t.after(() => started.close());
  return started;
}

describe('examine (CLI-11)', () => {
  test('finds a wrong key, an unreachable host and a model that the provider lacks, and says what to do', async (t) => {
    const { url } = await simulator(t);
    const diagnoses = await diagnose(t, {
      providers: {
        well: { type: 'VLLM', base_url: url, keys: { main: KEY } },
        locked: { type: 'OPENAI', base_url: url, keys: { main: 'invalid' } },
        gone: { type: 'ANTHROPIC', base_url: 'http://127.0.0.1:9', keys: { main: KEY } },
        lacking: { type: 'GOOGLE', base_url: url, keys: { main: KEY } },
        router: { type: 'CUSTOM', base_url: url, keys: { main: KEY } },
      },
      models: {
        a: { provider: 'well', slug: 'sim-large', pricing: PRICE },
        b: { provider: 'locked', slug: 'sim-large', pricing: PRICE },
        c: { provider: 'gone', slug: 'sim-large', pricing: PRICE },
        d: { provider: 'lacking', slug: 'sim-larg', pricing: PRICE },
        e: { provider: 'router', slug: 'sim-large:online', pricing: PRICE },
        'all/*': { provider: 'lacking', slug: '*', pricing: 'none' },
      },
    });
    const [well] = about(diagnoses, 'well');
    assert.match(well?.says ?? '', /^key `main` \(sk-…0001\) is accepted; 5 models in \d+ ms$/);
    const [locked] = about(diagnoses, 'locked');
    assert.deepEqual(locked, {
      subject: 'locked',
      state: 'failed',
      says: 'refuses its key `main` (…) with 401',
      advice: 'Correct providers.locked.keys.main, or the variable that it names.',
    });
    const [gone] = about(diagnoses, 'gone');
    assert.equal(gone?.state, 'failed');
    assert.match(gone?.says ?? '', /127\.0\.0\.1:9 failed: nothing listens there \(ECONNREFUSED\)/);
    assert.match(gone?.advice ?? '', /providers\.gone\.base_url/);
    assert.deepEqual(about(diagnoses, 'lacking').slice(1), [
      {
        subject: 'lacking',
        state: 'failed',
        says: 'has no model `sim-larg`; did you mean `sim-large`?',
        advice: 'Correct the `slug`; `signalbox models discover lacking` lists what there is.',
      },
    ]);
    assert.deepEqual(
      about(diagnoses, 'router').map(({ state }) => state),
      ['ok', 'warning'],
      'a router may take what it does not list',
    );
    assert.equal(about(diagnoses, 'clock')[0]?.state, 'ok');
    assert.ok(!JSON.stringify(diagnoses).includes(KEY));
  });

  test('a name that is not listed and yet answered for by itself is no finding', async (t) => {
    const { url } = await fakeUpstream(t, ({ url: path }) => {
      const isAlias = path === '/v1/models/claude-latest';
      return path.startsWith('/v1/models?') || isAlias
        ? { body: JSON.stringify({ data: [{ type: 'model', id: 'claude-20260101' }] }) }
        : { status: 404 };
    });
    const diagnoses = await diagnose(t, {
      providers: { up: { type: 'ANTHROPIC', base_url: url, keys: { main: KEY } } },
      models: { 'claude-latest': { provider: 'up' }, other: { provider: 'up' } },
    });
    const states = about(diagnoses, 'up').map(({ state, says }) => [state, says.split(' ')[3]]);
    assert.deepEqual(states, [
      ['ok', 'is'],
      ['failed', '`other`'],
    ]);
  });

  test('a provider without a key, and one that speaks no TLS, are told apart from others', async (t) => {
    const { url } = await simulator(t);
    const diagnoses = await diagnose(t, {
      providers: {
        open: { type: 'VLLM', base_url: url },
        plain: { type: 'VLLM', base_url: url.replace('http:', 'https:') },
      },
      models: { m: { provider: 'open', slug: 'sim-large', pricing: 'none' } },
    });
    assert.match(about(diagnoses, 'open')[0]?.says ?? '', /^takes calls without a key; \d+ models/);
    const [plain] = about(diagnoses, 'plain');
    assert.deepEqual(
      [plain?.state, plain?.advice],
      ['failed', 'Write http:// in providers.plain.base_url.'],
    );
  });

  test('a ledger that is a folder is found', async (t) => {
    const { configFile } = await writeConfig(t, {});
    const file = dirname(configFile);
    const [ledger] = about(await diagnose(t, { usage: { file } }, false), 'ledger');
    assert.deepEqual(ledger, {
      subject: 'ledger',
      state: 'failed',
      says: `${file} is a folder`,
      advice: 'Let `usage.file` name a file in it.',
    });
  });

  for (const [hours, says] of [
    [-1, 'is 60 minutes ahead of the providers’'],
    [30, 'is 30.0 hours behind the providers’'],
  ] as const) {
    test(`a clock that ${says} is found`, async (t) => {
      const date = () => new Date(Date.now() + hours * 3_600_000).toUTCString();
      const { url } = await fakeUpstream(t, () => ({
        headers: { 'content-type': 'application/json', date: date() },
        body: JSON.stringify({ data: [{ id: 'slug-1' }] }),
      }));
      const diagnoses = await diagnose(t, {
        providers: { up: { type: 'CUSTOM', base_url: url, keys: { main: KEY } } },
        models: { m: { provider: 'up', slug: 'slug-1', pricing: PRICE } },
      });
      const [clock] = about(diagnoses, 'clock');
      assert.deepEqual([clock?.state, clock?.says], ['failed', says]);
      assert.match(clock?.advice ?? '', /timedatectl/);
    });
  }

  for (const [days, says] of [
    [1, ', 1 day old'],
    [91, ', 91 days old; `signalbox prices update` fetches a newer one'],
  ] as const) {
    test(`says which price list is asked: one that is ${days} days old`, async (t) => {
      const { configFile } = await writeConfig(t, {
        server: SERVER,
        providers: { openai: { type: 'OPENAI', keys: { main: KEY } } },
        models: { 'gpt-4o': { provider: 'openai' } },
      });
      const nowMs = Date.parse(BUNDLED_LIST.asOf) + days * 86_400_000;
      const clock = { ...systemClock, now: () => nowMs };
      const diagnoses: Diagnosis[] = [];
      const onDiagnosis = (diagnosis: Diagnosis) => void diagnoses.push(diagnosis);
      await examine({ configFile, live: false, clock, onDiagnosis });
      const [prices] = about(diagnoses, 'prices');
      const list = `the bundled list of ${BUNDLED_LIST.asOf.slice(0, 10)}`;
      assert.deepEqual(prices, { subject: 'prices', state: 'ok', says: list + says, advice: null });
    });
  }

  test('an upstream without a list is a warning, one that answers something else a failure', async (t) => {
    const bare = await fakeUpstream(t, { status: 404 });
    const page = await fakeUpstream(t, {
      headers: { 'content-type': 'text/html' },
      body: '<html>',
    });
    const ill = await fakeUpstream(t, { status: 503, body: '{"error":{"message":"Overloaded"}}' });
    const provider = (url: string) => ({ type: 'CUSTOM', base_url: url });
    const diagnoses = await diagnose(t, {
      providers: { bare: provider(bare.url), page: provider(page.url), ill: provider(ill.url) },
      models: { m: { provider: 'bare', pricing: PRICE } },
    });
    const found = ['bare', 'page', 'ill'].map((name) => about(diagnoses, name)[0]);
    assert.deepEqual(
      found.map((each) => each?.state),
      ['warning', 'failed', 'failed'],
    );
    assert.match(found[1]?.says ?? '', /answered 200 with something else than a list of models/);
    assert.match(found[2]?.says ?? '', /answered 503: Overloaded/);
  });

  test('SEC-3: a password in a URL is not told, nor what a provider repeats of its keys', async (t) => {
    const { url } = await fakeUpstream(t, (request) => ({
      status: Number(/\d{3}/.exec(request.url)?.[0]),
      body: JSON.stringify({ error: { message: `Saw ${JSON.stringify(request.headers)}` } }),
    }));
    const provider = (status: number) => ({
      type: 'CUSTOM',
      base_url: `${url.replace('//', `//user:${KEY}-url@`)}/${status}`,
      keys: { main: `${KEY}-key` },
      config: { headers: { 'x-secret': `Basic ${KEY}-header`, cookie: '' } },
    });
    const providers = Object.fromEntries(
      [401, 404, 500].map((code) => [`p${code}`, provider(code)]),
    );
    const models = Object.fromEntries(
      Object.keys(providers).map((name) => [name, { provider: name, slug: 's', pricing: 'none' }]),
    );
    const diagnoses = await diagnose(t, { providers, models });
    const [refused, listless, odd] = Object.keys(providers).map(
      (name) => about(diagnoses, name)[0],
    );
    assert.match(refused?.says ?? '', /refuses its key `main`/);
    assert.equal(listless?.advice, `Its base_url is ${url}/404; a first call will tell.`);
    assert.match(
      odd?.says ?? '',
      /^answered 500: Saw .*"authorization":"Bearer …".*"x-secret":"Basic …"/,
    );
    assert.ok(!JSON.stringify(diagnoses).includes(KEY), JSON.stringify(diagnoses));
  });

  test('without --live it asks nobody, and rehearses every provider on simulated upstreams', async (t) => {
    const { url, seen } = await fakeUpstream(t, { status: 500 });
    const { publicKey, privateKey } = createKeyPair();
    const sealed = await sealEnvelope(KEY, { publicKeyPem: publicKey, keyId: 'pair' });
    const { configFile } = await writeConfig(t, {});
    const pem = join(dirname(configFile), 'pair.pem');
    await writeFile(pem, privateKey);
    const diagnoses = await diagnose(
      t,
      {
        encryption: { private_keys: { pair: pem } },
        providers: {
          openai: { type: 'OPENAI', base_url: url, keys: { main: { key: sealed } } },
          anthropic: { type: 'ANTHROPIC', base_url: url, keys: { main: KEY } },
          google: { type: 'GOOGLE', base_url: url, keys: { main: KEY } },
          azure: { type: 'AZURE_OPENAI', base_url: url, keys: { main: KEY } },
          dated: {
            type: 'AZURE_OPENAI',
            base_url: url,
            keys: { main: KEY },
            config: { api_version: '2024-10-21' },
          },
        },
        models: Object.fromEntries(
          ['openai', 'anthropic', 'google', 'azure', 'dated'].map((provider) => [
            `of-${provider}`,
            { provider, slug: 'gpt-4.1', pricing: PRICE },
          ]),
        ),
        api_keys: { ana: { key: `sha256:${'0'.repeat(64)}`, models: ['*'] } },
      },
      false,
    );
    const rehearsals = about(diagnoses, 'rehearsal');
    assert.deepEqual(
      rehearsals.map(({ state, says }) => [state, says.split(':')[0]]),
      ['openai', 'anthropic', 'google', 'azure', 'dated'].map((name) => [
        'ok',
        `of-${name} at ${name}`,
      ]),
    );
    assert.equal(seen.length, 0);
  });

  test('a config that spoils its own calls fails the rehearsal', async (t) => {
    const diagnoses = await diagnose(
      t,
      {
        providers: { sim: { type: 'MOCK' } },
        models: {
          m: { provider: 'sim', pricing: PRICE, policies: { requests: { per_minute: 3 } } },
        },
      },
      false,
    );
    const [rehearsal] = about(diagnoses, 'rehearsal');
    assert.equal(rehearsal?.state, 'failed');
    assert.match(rehearsal?.says ?? '', /^m at sim \(gemini, whole\): answered 429/);
  });
});
