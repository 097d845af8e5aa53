import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDeparture, depart } from '../../src/core/departure.ts';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { createMediaClient, type MediaLimits } from '../../src/upstream/media-client.ts';
import { isPublicAddress } from '../../src/upstream/public-address.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';

const LIMITS: MediaLimits = {
  maxBytes: 1_000,
  timeoutMs: 10_000,
  maxRedirects: 2,
  privateHosts: ['127.0.0.1'],
};

const PRIVATE = [
  '127.0.0.1',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  'fd00::1',
  'fe80::1',
  'ff02::1',
  '2002:0a00:0001::',
  '2001:db8::1',
  'no address',
];

const PUBLIC = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'];

function fetchOne(url: string, client = createMediaClient(), limits: Partial<MediaLimits> = {}) {
  return client.fetchAll([url], { ...LIMITS, ...limits }, createDeparture());
}

function refusal(words: RegExp) {
  return (error: unknown) =>
    error instanceof GatewayError &&
    error.code === 'media_fetch_failed' &&
    words.test(error.message);
}

describe('media by address (SEC-4)', () => {
  test('public addresses are told from all others', () => {
    assert.deepEqual(PRIVATE.filter(isPublicAddress), []);
    assert.deepEqual(PUBLIC.filter(isPublicAddress), PUBLIC);
  });

  test('a host is judged by all that its name resolves to, at the moment of the connection', async () => {
    const asked: string[] = [];
    const client = createMediaClient(async (host) => {
      asked.push(host);
      return [
        { address: '93.184.215.14', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ];
    });
    const url = 'http://images.example:1/cat.png?signature=secret';
    await assert.rejects(fetchOne(url, client), (error) => {
      assert.ok(refusal(/images\.example has no public address/)(error));
      assert.doesNotMatch(String(error), /secret/);
      return true;
    });
    assert.deepEqual(asked, ['images.example']);
  });

  for (const url of [
    'http://localhost:1/',
    'http://127.0.0.2/',
    'http://0x7f.2/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.2]/',
    'http://169.254.169.254/latest/meta-data',
  ]) {
    test(`${url} is not asked`, async () => {
      await assert.rejects(fetchOne(url), refusal(/has no public address/));
    });
  }

  test('redirects are followed up to their limit, and each is judged anew', async (t) => {
    const up = await fakeUpstream(t, ({ url }) => {
      const hops = Number(url.slice(1));
      if (Number.isNaN(hops)) return { status: 302, headers: { location: 'http://127.0.0.2/' } };
      return hops === 0
        ? { headers: { 'content-type': 'image/png; q=1' }, body: 'bytes' }
        : { status: 302, headers: { location: `/${hops - 1}` } };
    });
    const found = await fetchOne(`${up.url}/2`);
    assert.deepEqual(found.get(`${up.url}/2`), { mime: 'image/png', bytes: Buffer.from('bytes') });
    await assert.rejects(fetchOne(`${up.url}/3`), refusal(/redirects more than 2 times/));
    await assert.rejects(fetchOne(`${up.url}/inside`), refusal(/127\.0\.0\.2 has no public/));
  });

  test('the size counts over all media of a call', async (t) => {
    const up = await fakeUpstream(t, { body: 'x'.repeat(500) });
    const urls = [`${up.url}/a`, `${up.url}/b`, `${up.url}/a`];
    const client = createMediaClient();
    const found = await client.fetchAll(urls, LIMITS, createDeparture());
    assert.equal(found.size, 2);
    assert.equal(up.seen.length, 2);
    const tight = { ...LIMITS, maxBytes: 999 };
    await assert.rejects(
      client.fetchAll(urls, tight, createDeparture()),
      refusal(/larger than 999 bytes/),
    );
  });

  test('nothing is waited for longer than the timeout, and nothing for a client that has gone', async (t) => {
    const departure = createDeparture();
    const gone = new GatewayError('client_closed', 'gone');
    const up = await fakeUpstream(t, ({ url }) => {
      if (url === '/leave') depart(departure, gone);
      return undefined;
    });
    await assert.rejects(
      fetchOne(`${up.url}/slow`, createMediaClient(), { timeoutMs: 50 }),
      refusal(/longer than 0\.05 seconds/),
    );
    await assert.rejects(
      createMediaClient().fetchAll([`${up.url}/leave`], LIMITS, departure),
      gone,
    );
    assert.equal(departure.listeners.size, 0);
  });

  test('a server that fails, compresses or is not there is a clear refusal', async (t) => {
    const up = await fakeUpstream(t, ({ url }) =>
      url === '/gzip'
        ? { headers: { 'content-encoding': 'gzip' }, body: 'x' }
        : { status: 404, body: 'no' },
    );
    await assert.rejects(fetchOne(`${up.url}/gone`), refusal(/answered 404/));
    await assert.rejects(fetchOne(`${up.url}/gzip`), refusal(/compressed/));
    await assert.rejects(fetchOne('http://127.0.0.1:1/'), refusal(/ECONNREFUSED/));
  });
});
