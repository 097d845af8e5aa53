import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { type FakeAnswer, fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { cutAnswer, streamedAnswer, WIRES, type Wire } from '../support/wires.ts';

const DOCUMENT = readFileSync(new URL('../../docs/resolution.md', import.meta.url), 'utf8');

const fences = [...DOCUMENT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const [names = '', orders = ''] = fences;

/** The rows of each table, as their cells without code marks. */
const tables = [...DOCUMENT.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) =>
  table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.replaceAll('`', '').trim()),
    ),
);
const [nameRows = [], orderRows = [], preferenceRows = [], failureRows = []] = tables;

const [chat] = WIRES as readonly [Wire, ...Wire[]];

const start = (t: TestContext, config: string) => startProxy(t, parse(config));

/** Who is tried for a request, in order. */
async function triedFor(url: string, query: Record<string, string>): Promise<string[]> {
  const response = await fetch(`${url}/v1/route?${new URLSearchParams(query)}`);
  const { endpoints } = (await response.json()) as {
    endpoints: { rank: number | null; provider: string }[];
  };
  return endpoints.flatMap(({ rank, provider }) => (rank === null ? [] : provider));
}

const listed = (cell = '') => cell.split(', ').filter(Boolean);

/** How an upstream behaves, in the document's words; null = there is none. */
function behave(words: string): FakeAnswer | null {
  const status = /^answers (\d{3})$/.exec(words)?.[1];
  if (status !== undefined) return { status: Number(status), body: '{"error":{"message":"No"}}' };
  switch (words) {
    case 'refuses the connection':
      return null;
    case 'answers 200 with HTML':
      return { headers: { 'content-type': 'text/html' }, body: '<html>Hello</html>' };
    case 'reports an error inside a 200 stream, before its first content':
      return streamedAnswer(chat, ['data: {"error":{"message":"No"}}\n\n']);
    case 'breaks off behind the first content':
      return cutAnswer(chat);
    default:
      throw new Error(`The document speaks of an endpoint that ${words}`);
  }
}

describe('docs/resolution.md', () => {
  test('its tables are all executed', () => {
    assert.equal(fences.length, 2);
    assert.deepEqual(
      tables.map((rows) => rows.length > 5),
      [true, true, true, true],
    );
  });

  test('RES-1, RES-2, RES-3: from a name to a model', async (t) => {
    for (const [request = '', model, profile, endpoints] of nameRows) {
      const proxy = await start(t, names);
      const tried = model === '404' ? [] : await triedFor(proxy.url, { model: request });
      const response = await proxy.post(chat.path(request), chat.request(request));
      await response.text();
      if (model === '404') {
        assert.equal(response.status, 404, request);
        continue;
      }
      assert.equal(response.status, 200, request);
      const told = ['model', 'profile', 'provider'].map((name) =>
        response.headers.get(`x-signalbox-${name}`),
      );
      assert.deepEqual(told, [model, profile, listed(endpoints)[0]], request);
      assert.deepEqual(tried, listed(endpoints), request);
    }
  });

  test('ROU-2 to ROU-7: from a model to an order', async (t) => {
    const proxy = await start(t, orders);
    for (const [model = '', tokensIn = '', tokensOut = '', endpoints] of orderRows) {
      const query = { model, input_tokens: tokensIn, max_tokens: tokensOut };
      assert.deepEqual(await triedFor(proxy.url, query), listed(endpoints), JSON.stringify(query));
    }
  });

  test('ROU-9: what the request may ask for', async (t) => {
    for (const [model = '', provider = '', outcome] of preferenceRows) {
      const proxy = await start(t, orders);
      const body = { ...chat.request(model), max_tokens: 100, provider: JSON.parse(provider) };
      const response = await proxy.post(chat.path(model), body);
      await response.text();
      const answered = response.headers.get('x-signalbox-provider') ?? String(response.status);
      assert.equal(answered, outcome, provider);
    }
  });

  for (const [words = '', outcome] of failureRows) {
    test(`FAI-1: an endpoint that ${words}: ${outcome}`, async (t) => {
      const answer = behave(words);
      const first = answer === null ? null : await fakeUpstream(t, answer);
      const second = await fakeUpstream(t, streamedAnswer(chat));
      const { up } = oneModelConfig(second.url)['providers'] as { up: object };
      const proxy = await startProxy(t, {
        providers: { first: { ...up, base_url: first?.url ?? 'http://127.0.0.1:9' }, second: up },
        models: { m: { endpoints: [{ provider: 'first' }, { provider: 'second' }] } },
      });
      const response = await proxy.post(chat.path('m'), chat.request('m', true));
      const text = await response.text();
      const isNext = outcome === 'next endpoint';
      assert.equal(second.seen.length, isNext ? 1 : 0);
      if (isNext) {
        assert.equal(text, chat.events.join(''));
      } else if (outcome === 'the client gets it') {
        assert.equal(response.status, answer?.status);
      } else {
        const came = chat.events.slice(0, chat.eventsToFirstWord).join('');
        assert.ok(text.startsWith(came));
        assert.match(text.slice(came.length), /"error"/);
      }
    });
  }
});
