import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { startProxy } from '../support/start-proxy.ts';

const NAMES = Array.from({ length: 60 }, (_, index) => `m${String(index).padStart(2, '0')}`);

async function start(t: TestContext) {
  const model = { provider: 'up', pricing: 'none' };
  const models = Object.fromEntries(NAMES.map((name) => [name, model]));
  const proxy = await startProxy(t, { providers: { up: { type: 'MOCK' } }, models });
  return async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(proxy.url + path, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

const anthropic = { 'anthropic-version': '2023-06-01' };

function namesOf(entries: unknown): string[] {
  const named = entries as { id?: string; name?: string }[];
  return named.map(({ id, name = '' }) => id ?? name.replace('models/', ''));
}

describe('pages of the list of models', () => {
  test('RES-8: OpenAI knows no pages and gets all', async (t) => {
    const get = await start(t);
    const { body } = await get('/v1/models?limit=1');
    assert.deepEqual(namesOf(body['data']), NAMES);
  });

  test('RES-8: Anthropic pages by limit, after_id and before_id', async (t) => {
    const get = await start(t);
    const page = async (query: string) => (await get(`/v1/models${query}`, anthropic)).body;
    const first = await page('');
    assert.deepEqual(namesOf(first['data']), NAMES.slice(0, 20));
    assert.deepEqual(
      [first['has_more'], first['first_id'], first['last_id']],
      [true, 'm00', 'm19'],
    );
    const last = await page('?limit=1000&after_id=m19');
    assert.deepEqual(namesOf(last['data']), NAMES.slice(20));
    assert.equal(last['has_more'], false);
    const before = await page('?limit=5&before_id=m10');
    assert.deepEqual(namesOf(before['data']), NAMES.slice(5, 10));
    assert.equal(before['has_more'], true);
    const end = await page('?after_id=m59');
    assert.deepEqual([end['data'], end['has_more'], end['first_id']], [[], false, null]);
  });

  test('RES-8: Google pages by pageSize and pageToken until there is no token', async (t) => {
    const get = await start(t);
    const seen: string[] = [];
    let token: unknown = '';
    let pages = 0;
    while (token !== undefined) {
      const at: string = token === '' ? '' : `&pageToken=${token}`;
      const { body } = await get(`/v1beta/models?pageSize=25${at}`);
      seen.push(...namesOf(body['models']));
      token = body['nextPageToken'];
      pages += 1;
    }
    assert.deepEqual(seen, NAMES);
    assert.equal(pages, 3);
    const { body } = await get('/v1beta/models');
    assert.equal(namesOf(body['models']).length, 50);
  });

  test('ERR-2: a page that cannot be is refused with the reason', async (t) => {
    const get = await start(t);
    for (const [path, message] of [
      ['/v1/models?limit=0', /limit is a number from 1 to 1000/],
      ['/v1/models?limit=ten', /limit is a number from 1 to 1000/],
      ['/v1/models?after_id=zzz', /after_id names no model/],
      ['/v1/models?after_id=m01&before_id=m02', /not both/],
      ['/v1beta/models?pageSize=-1', /pageSize is a number/],
      ['/v1beta/models?pageToken=zzz', /pageToken names no model/],
    ] as const) {
      const { status, body } = await get(path, path.includes('beta') ? {} : anthropic);
      assert.equal(status, 400, path);
      assert.match((body['error'] as { message: string }).message, message);
    }
  });
});
