import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const ANSWER = {
  body: JSON.stringify({
    id: 'c',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
  }),
};

const keys = {
  ana: { key: 'sk-ana-0001', models: ['*'] },
  ben: { key: 'sk-ben-0001', models: ['*'] },
  eve: { key: 'sk-eve-0001', models: ['*'], namespace: 'lab' },
};

type Row = Record<string, unknown>;

async function start(t: Parameters<typeof startProxy>[0], extra: Record<string, unknown> = {}) {
  const upstream = await fakeUpstream(t, ANSWER);
  const config = { ...oneModelConfig(upstream.url), ...extra };
  const proxy = await startProxy(t, config);
  const call = async (key: string | null, model = 'm') => {
    const body = { model, messages: [{ role: 'user', content: 'hi' }] };
    const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const answer = await proxy.post('/v1/chat/completions', body, headers);
    await answer.text();
    return answer.headers.get('x-request-id') ?? '';
  };
  const get = async (path: string, key: string | null = null) => {
    const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const answer = await fetch(proxy.url + path, { headers });
    const body = (await answer.json()) as {
      data: Row[];
      limit: number;
      offset: number;
      error: Row;
    };
    return { status: answer.status, ...body };
  };
  return { ...proxy, config, call, get };
}

const idsOf = ({ data }: { data: Row[] }) => data.map((row) => row['request_id']);

describe('GET /v1/namespaces/{nsid}/requests', () => {
  test('LED-5: newest first, in pages, each row as its ledger line', async (t) => {
    const { call, get, ledger } = await start(t);
    const ids: string[] = [];
    for (let count = 0; count < 30; count += 1) ids.push(await call(null));
    const newest = ids.toReversed();
    const first = await get('/v1/namespaces/default/requests');
    assert.deepEqual([first.limit, first.offset], [25, 0]);
    assert.deepEqual(idsOf(first), newest.slice(0, 25));
    assert.deepEqual(first.data[0], (await ledger()).at(-1));
    const second = await get('/v1/namespaces/default/requests?limit=4&offset=24');
    assert.deepEqual(idsOf(second), newest.slice(24, 28));
    assert.deepEqual(idsOf(await get('/v1/namespaces/default/requests?offset=30')), []);
  });

  test('LED-5: rows are found by model, profile, key and request id', async (t) => {
    const { call, get } = await start(t);
    const plain = await call(null);
    const cheap = await call(null, 'm:cost');
    const missing = await call(null, 'none');
    const path = '/v1/namespaces/default/requests';
    assert.deepEqual(idsOf(await get(`${path}?profile=cost`)), [cheap]);
    assert.deepEqual(idsOf(await get(`${path}?model=m`)), [cheap, plain]);
    assert.deepEqual(idsOf(await get(`${path}?request_id=${missing}`)), [missing]);
    assert.deepEqual(idsOf(await get(`${path}?api_key=ana`)), []);
  });

  test('LED-5: limits outside of 1 to 100 and odd numbers are refused', async (t) => {
    const { get } = await start(t);
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'limit=1.5']) {
      const { status, error } = await get(`/v1/namespaces/default/requests?${query}`);
      assert.deepEqual([query, status, error['code']], [query, 400, 'invalid_request']);
    }
  });

  test('LED-5: a key sees its own rows of its own namespace, the admin key all', async (t) => {
    const { call, get } = await start(t, { api_keys: keys, admin_key: 'sk-admin-0001' });
    const ana = await call('sk-ana-0001');
    const ben = await call('sk-ben-0001');
    const eve = await call('sk-eve-0001');
    const path = '/v1/namespaces/default/requests';
    assert.deepEqual(idsOf(await get(path, 'sk-ana-0001')), [ana]);
    assert.deepEqual(idsOf(await get(`${path}?api_key=ben`, 'sk-ana-0001')), []);
    assert.deepEqual(idsOf(await get(path, 'sk-admin-0001')), [ben, ana]);
    assert.deepEqual(idsOf(await get('/v1/namespaces/lab/requests', 'sk-admin-0001')), [eve]);
    for (const [namespace, key] of [
      ['lab', 'sk-ana-0001'],
      ['nowhere', 'sk-admin-0001'],
    ]) {
      const { status, error } = await get(`/v1/namespaces/${namespace}/requests`, key);
      assert.deepEqual([status, error['code']], [404, 'namespace_not_found']);
    }
    for (const key of [null, 'sk-wrong']) {
      assert.equal((await get(path, key)).status, 401);
    }
  });

  test('LED-5: the history survives a restart, and holds no more than it is told to', async (t) => {
    const first = await start(t, {});
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) ids.push(await first.call(null));
    const usage = { file: first.ledgerFile, history: 3 };
    const { call, get } = await start(t, { usage });
    const path = '/v1/namespaces/default/requests';
    assert.deepEqual(idsOf(await get(path)), ids.slice(1).toReversed());
    const latest = await call(null);
    assert.deepEqual(idsOf(await get(path)), [latest, ...ids.slice(2).toReversed()]);
  });
});

describe('GET /v1/namespaces/{nsid}/usage', () => {
  const sums = async (url: string, key: string | null = null) => {
    const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const answer = await fetch(url, { headers });
    const { total, rows, error } = (await answer.json()) as Record<string, Row> & { rows: Row[] };
    return { status: answer.status, total, rows, error };
  };

  test('LED-5: sums are those of the ledger, by what is asked, of the time asked for', async (t) => {
    const { call, ledger, url } = await start(t);
    for (const model of ['m', 'm:cost', 'none']) await call(null, model);
    const lines = await ledger();
    const cost = lines.reduce((sum, line) => sum + Number(line['cost_nanos_usd']), 0);
    const path = `${url}/v1/namespaces/default/usage`;
    const { total, rows } = await sums(`${path}?by=profile`);
    assert.deepEqual([total?.['requests'], total?.['errors']], [3, 1]);
    assert.equal(total?.['cost_nanos_usd'], cost);
    assert.deepEqual(total?.['tokens'], { in: 6, cached: 0, out: 10 });
    assert.deepEqual(rows.map((row) => row['profile']).sort(), ['balanced', 'cost']);
    const last = lines.at(-1)?.['ts'];
    assert.equal((await sums(`${path}?from=${last}`)).total?.['requests'], 1);
    assert.equal((await sums(`${path}?to=2020-01-01`)).total?.['requests'], 0);
    for (const odd of ['by=colour', 'from=yesterday', 'to=x']) {
      assert.deepEqual((await sums(`${path}?${odd}`)).error?.['code'], 'invalid_request');
    }
  });

  test('LED-5: a key sums its own calls, the admin key all', async (t) => {
    const { call, url } = await start(t, { api_keys: keys, admin_key: 'sk-admin-0001' });
    for (const key of ['sk-ana-0001', 'sk-ben-0001', 'sk-ben-0001']) await call(key);
    const path = `${url}/v1/namespaces/default/usage?by=api_key`;
    assert.equal((await sums(path, 'sk-ben-0001')).total?.['requests'], 2);
    assert.equal((await sums(path, 'sk-admin-0001')).total?.['requests'], 3);
    assert.equal((await sums(path)).status, 401);
  });
});
