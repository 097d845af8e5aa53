import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { ANSWER, COST, chatBody, countStatuses, estimateInput } from '../support/limited-proxy.ts';
import { parseMetrics } from '../support/parse-metrics.ts';
import { sendRaw } from '../support/send-raw.ts';
import { serve } from '../support/start-cli.ts';
import { oneModelConfig } from '../support/start-proxy.ts';
import { WIRES } from '../support/wires.ts';

const [chat] = WIRES;
assert.ok(chat);

/** What a call can cost at most: its estimate and its limit, and the rounding of its lines. */
const WORST_NANOS = estimateInput(chatBody()) * 1_000 + 50 * 2_000 + 20;
const BUDGET_NANOS = 13 * WORST_NANOS + 500;

const KEYS = {
  ten: { policies: { requests: { per_minute: 10 } } },
  seven: { policies: { concurrency: { max: 7 } } },
  poor: { budgets: [{ usd: BUDGET_NANOS / 1e9, period: 'total' }] },
  rich: { budgets: [{ usd: 1_000, period: 'total' }] },
  free: {},
};

type Key = keyof typeof KEYS;

type Line = Record<string, unknown>;

/** A proxy of two workers before an upstream that answers when it is told to, or at once. */
async function startWorkers(t: TestContext) {
  const waiting: ServerResponse[] = [];
  let isHolding = false;
  let isBroken = false;
  const upstream = await fakeUpstream(t, ({ body }, response) => {
    if (body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chat?.events.slice(0, 2).join(''));
    } else if (!isHolding) return isBroken ? { status: 500 } : ANSWER;
    waiting.push(response);
    return undefined;
  });
  const base = oneModelConfig(upstream.url);
  const { up } = base['providers'] as { up: object };
  const { m } = base['models'] as { m: { pricing: object } };
  const config = {
    ...base,
    server: { workers: 2, shutdown_grace: '20s' },
    admin_key: 'admin-secret-0001',
    routing: { circuit: { failures: 20, open: '10m', max_open: '10m' } },
    providers: { up, shaky: up },
    models: {
      m,
      narrow: {
        endpoints: [{ provider: 'up', slug: 'slug-1', policies: { concurrency: { max: 5 } } }],
        pricing: m.pricing,
      },
      shaky: {
        endpoints: [
          { provider: 'shaky', slug: 's' },
          { provider: 'up', slug: 'slug-1' },
        ],
        pricing: m.pricing,
      },
    },
    api_keys: Object.fromEntries(
      Object.entries(KEYS).map(([name, rules]) => [
        name,
        { key: `sk-client-${name}`, models: ['*'], ...rules },
      ]),
    ),
  };
  const temporary = await mkdtemp(join(tmpdir(), 'signalbox-'));
  t.after(() => rm(temporary, { recursive: true, force: true }));
  const proxy = await serve(t, config, { TMPDIR: temporary });
  const headersOf = (key: string) => ({
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
  });
  const call = (key: Key, changes: Record<string, unknown> = {}, init: RequestInit = {}) =>
    fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: headersOf(`sk-client-${key}`),
      body: JSON.stringify(chatBody(changes)),
      ...init,
    });
  return {
    ...proxy,
    leftBehind: async () =>
      (await readdir(temporary)).filter((name) => name.startsWith('signalbox')),
    config,
    upstream,
    waiting,
    call,
    many: (count: number, key: Key, changes?: Record<string, unknown>) =>
      Array.from({ length: count }, () => call(key, changes)),
    hold: (holds: boolean) => {
      isHolding = holds;
    },
    breakDown: (breaks: boolean) => {
      isBroken = breaks;
    },
    answerAll() {
      isHolding = false;
      for (const response of waiting.splice(0)) {
        response.writeHead(200, ANSWER.headers).end(ANSWER.body);
      }
    },
    page: (path: string) => fetch(proxy.url + path, { headers: headersOf('admin-secret-0001') }),
    async ledger(): Promise<Line[]> {
      const text = await readFile(proxy.ledgerFile, 'utf8');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    },
    /** The processes that answer calls, oldest first. */
    workers: (): number[] =>
      [...proxy.run.stderr.matchAll(/"worker":(\d+),"msg":"A worker answers calls"/g)].map(
        ([, pid]) => Number(pid),
      ),
  };
}

test('two workers are one proxy', { timeout: 120_000 }, async (t) => {
  const proxy = await startWorkers(t);
  const { call, many, upstream } = proxy;
  let answered = 0;
  const count = async (calls: Promise<Response>[]) => {
    answered += calls.length;
    return countStatuses(calls);
  };

  await t.test('POL-6 a limit of 10 lets exactly 10 of 100 calls at once through', async () => {
    assert.deepEqual(await count(many(100, 'ten')), { 200: 10, 429: 90 });
    assert.equal(upstream.seen.length, 10);
  });

  await t.test('POL-5 7 calls run at once; when they have ended, 7 others can', async () => {
    for (let wave = 0; wave < 2; wave += 1) {
      proxy.hold(true);
      let refused = 0;
      const calls = many(40, 'seven').map(async (asked) => {
        const response = await asked;
        if (response.status === 429) refused += 1;
        return response;
      });
      await eventually('the refusals', () => refused === 33);
      await eventually('the calls that pass', () => proxy.waiting.length === 7);
      proxy.answerAll();
      assert.deepEqual(await count(calls), { 200: 7, 429: 33 });
    }
  });

  await t.test(
    'POL-6 5 calls run at an endpoint; who is refused there gives all back',
    async () => {
      for (let wave = 0; wave < 2; wave += 1) {
        proxy.hold(true);
        let refused = 0;
        const calls = many(40, 'seven', { model: 'narrow' }).map(async (asked) => {
          const response = await asked;
          if (response.status === 429) refused += 1;
          return response;
        });
        await eventually('the refusals', () => refused === 35);
        await eventually('the calls that pass', () => proxy.waiting.length === 5);
        const metrics = parseMetrics(await (await proxy.page('/metrics')).text());
        const limit = { scope: 'api_key', name: 'seven', limit: 'concurrency.max' };
        assert.equal(metrics.value('signalbox_limit_used', limit), 5);
        proxy.answerAll();
        assert.deepEqual(await count(calls), { 200: 5, 429: 35 });
      }
    },
  );

  await t.test('BUD-2 no more is spent than the budget, and what was held comes back', async () => {
    proxy.hold(true);
    let refused = 0;
    const calls = many(60, 'poor').map(async (asked) => {
      const response = await asked;
      if (response.status === 402) refused += 1;
      return response;
    });
    await eventually('the refusals', () => refused === 47);
    await eventually('the calls that pass', () => proxy.waiting.length === 13);
    proxy.answerAll();
    assert.deepEqual(await count(calls), { 200: 13, 402: 47 });
    let spent = 13 * Number(COST);
    for (;;) {
      const response = await call('poor');
      answered += 1;
      await response.arrayBuffer();
      if (response.status !== 200) break;
      spent += Number(COST);
    }
    assert.ok(
      spent + WORST_NANOS > BUDGET_NANOS && spent - Number(COST) + WORST_NANOS <= BUDGET_NANOS,
    );
  });

  await t.test('LED-1, LED-6: each call is one line, and /metrics and pages sum all', async () => {
    assert.deepEqual(await count(many(80, 'free')), { 200: 80 });
    const lines = await proxy.ledger();
    assert.equal(lines.length, answered);
    assert.equal(new Set(lines.map(({ request_id: id }) => id)).size, answered);
    const cost = lines.reduce((sum, line) => sum + Number(line['cost_nanos_usd']), 0);
    assert.equal(cost, upstream.seen.length * Number(COST));
    const metrics = parseMetrics(await (await proxy.page('/metrics')).text());
    assert.equal(metrics.value('signalbox_ledger_lines_total', {}), answered);
    const costOf = (model: string) =>
      metrics.value('signalbox_cost_nano_usd_total', { model, provider: 'up' }) ?? 0;
    assert.equal(costOf('m') + costOf('narrow'), cost);
    const limit = { scope: 'api_key', name: 'seven', limit: 'concurrency.max' };
    assert.equal(metrics.value('signalbox_limit_used', limit), 0);
    const page = await proxy.page('/v1/namespaces/default/requests?limit=100');
    const { data } = (await page.json()) as { data: Line[] };
    assert.deepEqual(
      data.slice(0, 3).map(({ request_id: id }) => id),
      lines
        .slice(-3)
        .reverse()
        .map(({ request_id: id }) => id),
    );
    const usage = await proxy.page('/v1/namespaces/default/usage');
    assert.match(await usage.text(), new RegExp(`"cost_nanos_usd":${cost}\\b`));
  });

  await t.test('FAI-4 the failures of all workers open one circuit', async () => {
    proxy.breakDown(true);
    const failing = many(20, 'free', { model: 'shaky' });
    assert.deepEqual(await count(failing), { 500: 20 });
    proxy.breakDown(false);
    const route = await proxy.page('/v1/route?model=shaky');
    assert.equal(route.status, 401);
    const metrics = parseMetrics(await (await proxy.page('/metrics')).text());
    const circuit = { provider: 'shaky', slug: 's', provider_key: 'main', state: 'open' };
    assert.equal(metrics.value('signalbox_endpoint_circuit', circuit), 1);
    for (const response of await Promise.all(many(12, 'free', { model: 'shaky' }))) {
      answered += 1;
      assert.deepEqual(
        [response.status, response.headers.get('x-signalbox-provider')],
        [200, 'up'],
      );
      await response.arrayBuffer();
    }
  });

  await t.test('REL-1 after a reload every worker answers by the new config', async () => {
    const changed = { ...proxy.config, model_alias: { fresh: 'm' } };
    await writeFile(proxy.configFile, stringify({ usage: { file: proxy.ledgerFile }, ...changed }));
    await eventually('the reload', () => proxy.run.stderr.includes('"Config reloaded"'));
    assert.deepEqual(await count(many(40, 'free', { model: 'fresh' })), { 200: 40 });
    const lines = await proxy.ledger();
    const ready = await (await proxy.page('/health/ready')).json();
    const { hash } = (ready as { config: { hash: string } }).config;
    const hashes = new Set(lines.slice(-40).map(({ config_hash: each }) => each));
    assert.deepEqual([...hashes], [hash]);
    // What was counted before it still counts.
    assert.deepEqual(await count(many(5, 'ten')), { 429: 5 });
  });

  await t.test('REL-2 a worker that dies gives back what it held, and is replaced', async () => {
    proxy.hold(true);
    const calls = many(7, 'seven').map((asked) =>
      asked.then(
        ({ status }) => status,
        () => 'cut',
      ),
    );
    await eventually('the calls', () => proxy.waiting.length === 7);
    const [victim, other] = proxy.workers();
    assert.ok(victim && other);
    process.kill(victim, 'SIGKILL');
    await eventually('another worker', () => proxy.workers().length === 3);
    proxy.answerAll();
    const ends = await Promise.all(calls);
    const kept = ends.filter((end) => end === 200).length;
    assert.equal(ends.filter((end) => end === 'cut').length, 7 - kept);
    answered += kept;
    assert.ok(kept < 7);
    const limit = { scope: 'api_key', name: 'seven', limit: 'concurrency.max' };
    const metrics = parseMetrics(await (await proxy.page('/metrics')).text());
    assert.equal(metrics.value('signalbox_limit_used', limit), 0);
    assert.deepEqual(await count(many(30, 'free')), { 200: 30 });
    assert.equal((await proxy.ledger()).length, answered);
  });

  await t.test('REL-3 on SIGTERM streams in flight go on to their end, then all exit', async () => {
    const streams = await Promise.all(
      many(6, 'free', chat.request('m', true) as object as Record<string, unknown>),
    );
    proxy.run.kill('SIGTERM');
    await eventually('the port to close', () =>
      fetch(`${proxy.url}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    for (const response of proxy.waiting.splice(0)) response.end(chat.events.slice(2).join(''));
    for (const stream of streams) assert.equal(await stream.text(), chat.events.join(''));
    assert.equal(await proxy.run.exited, 0);
    assert.equal((await proxy.ledger()).length, answered + 6);
    assert.equal(proxy.workers().some(isAlive), false);
    assert.deepEqual(await proxy.leftBehind(), []);
  });
});

test('API-5 in open mode two workers show the page and its data to this machine', async (t) => {
  const proxy = await serve(t, {
    ...oneModelConfig('http://127.0.0.1:9'),
    server: { workers: 2, shutdown_grace: '20s' },
  });
  const read = (headers: Record<string, string>, body?: string) =>
    sendRaw(`${proxy.url}/ui/data/catalogue`, { headers, ...(body && { body }) });
  assert.equal((await read({})).status, 200);
  assert.equal((await read({ 'sec-fetch-site': 'cross-site' })).status, 403);
  // What is handed on has no body, whatever the client sent.
  assert.equal((await read({ 'content-length': '2' }, '{}')).status, 200);
  assert.equal((await read({ 'transfer-encoding': 'chunked' }, '{}')).status, 200);
  const ready = await sendRaw(`${proxy.url}/health/ready`);
  assert.equal(JSON.parse(ready.text).status, 'ready');
});

test('LED-6 when a worker is killed under load, budgets and metrics count what the ledger says', async (t) => {
  const proxy = await startWorkers(t);
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  // A call that the killed worker was answering fails; its client goes on.
  const callOn = async () => {
    while (!isOver) {
      const signal = AbortSignal.timeout(2_000);
      const answered = proxy.call('rich', {}, { signal }).then((answer) => answer.arrayBuffer());
      await answered.catch(() => {});
    }
  };
  const clients = Array.from({ length: 6 }, callOn);
  for (let deaths = 1; deaths <= 3; deaths += 1) {
    const lines = (await proxy.ledger()).length;
    await eventually('calls', async () => (await proxy.ledger()).length > lines + 50);
    const victim = proxy.workers().at(-deaths % 2);
    assert.ok(victim);
    process.kill(victim, 'SIGKILL');
    await eventually('another worker', () => proxy.workers().length === 2 + deaths);
  }
  isOver = true;
  await Promise.all(clients);
  const lines = await proxy.ledger();
  const cost = lines.reduce((sum, line) => sum + Number(line['cost_nanos_usd']), 0);
  const metrics = parseMetrics(await (await proxy.page('/metrics')).text());
  const budget = { scope: 'api_key', name: 'rich', limit: 'usd.total', timezone: 'UTC' };
  assert.equal(metrics.value('signalbox_limit_used', budget), cost);
  assert.equal(
    metrics.value('signalbox_cost_nano_usd_total', { model: 'm', provider: 'up' }),
    cost,
  );
  assert.equal(metrics.value('signalbox_ledger_lines_total', {}), lines.length);
});

test('REL-2 every connection is answered or cut, however many workers die', async (t) => {
  const proxy = await startWorkers(t);
  const ends: Record<string, number> = {};
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const connectOn = async () => {
    while (!isOver) {
      const end = await askOnce(`${proxy.url}/health/live`);
      ends[end] = (ends[end] ?? 0) + 1;
    }
  };
  const clients = Array.from({ length: 16 }, connectOn);
  for (let deaths = 1; deaths <= 5; deaths += 1) {
    const answered = ends['200'] ?? 0;
    await eventually('answers', () => (ends['200'] ?? 0) > answered + 50);
    const victim = proxy.workers().at(-1);
    assert.ok(victim);
    process.kill(victim, 'SIGKILL');
    await eventually('another worker', () => proxy.workers().length === 2 + deaths);
  }
  isOver = true;
  await Promise.all(clients);
  assert.deepEqual(
    Object.keys(ends).filter((end) => end !== '200' && end !== 'cut'),
    [],
  );
});

/** How a request over a connection of its own ends. */
function askOnce(url: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = get(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume().on('end', () => resolve(String(response.statusCode)));
      response.on('error', () => resolve('cut'));
    });
    asked.on('timeout', () => {
      resolve('never');
      asked.destroy();
    });
    asked.on('error', () => resolve('cut'));
  });
}

test('LED-3 when the owner is killed its workers end, and leave nothing but the ledger', async (t) => {
  const proxy = await startWorkers(t);
  assert.deepEqual(await countStatuses(proxy.many(5, 'free')), { 200: 5 });
  const workers = proxy.workers();
  assert.equal(workers.length, 2);
  proxy.run.kill('SIGKILL');
  await proxy.run.exited;
  await eventually('the end of the workers', () => !workers.some(isAlive));
  assert.equal((await proxy.ledger()).length, 5);
  assert.deepEqual(await proxy.leftBehind(), []);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
