import assert from 'node:assert/strict';
import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { loadPage } from '../../src/ui/page.ts';
import { startProxy } from '../support/start-proxy.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) =>
  existsSync(path),
);
const skip = CHROMIUM ? false : "no /usr/bin/chromium here; install Debian's chromium to run this";

const PRICE = {
  input: { text_cost_per_1k_tokens: 0.0025 },
  output: { text_cost_per_1k_tokens: 0.01 },
};
const SERVER = { shutdown_grace: '50ms' };
const CONFIG = {
  // A browser keeps connections open that it has not used yet.
  server: SERVER,
  providers: { near: { type: 'MOCK' }, far: { type: 'MOCK', config: { ttft_ms: 5 } } },
  models: {
    m: {
      endpoints: [
        { provider: 'near', pricing: PRICE },
        { provider: 'far', pricing: PRICE },
      ],
    },
    'shop/unpriced': { provider: 'near', pricing: 'none' },
  },
  variants: { 'm-clientA': { model: 'm' } },
  model_alias: { fast: 'm:latency' },
};

test('the page is under 150 KB compressed, and names no other server (API-5)', async () => {
  const page = await loadPage();
  assert.ok(page.gzip.length < 150_000, `${page.gzip.length} bytes`);
  assert.doesNotMatch(page.html.toString(), /(src|href)="?https?:/);
  assert.match(page.contentSecurityPolicy, /^default-src 'none'; script-src 'sha256-/);
  assert.doesNotMatch(page.contentSecurityPolicy, /unsafe/);
});

describe('the page in Chromium', { skip }, () => {
  let context: BrowserContext;
  let profile: string;
  before(async () => {
    profile = await mkdtemp(join(tmpdir(), 'signalbox-chromium-'));
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
    args.push('--disable-background-networking', '--disable-component-update', '--disable-sync');
    context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM!, args });
  });
  after(async () => {
    await context?.close();
    await rm(profile, { recursive: true, force: true });
  });

  /** A page that fails the test on an error of its console or a request to elsewhere. */
  async function openPage(
    t: TestContext,
    url: string,
    expected: readonly number[] = [],
  ): Promise<Page> {
    const page = await context.newPage();
    const faults: string[] = [];
    // Chromium itself tells of every answer from 400 on.
    const isExpected = (text: string) => expected.some((status) => text.includes(`${status}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !isExpected(message.text())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      const target = request.url();
      if (!target.startsWith(new URL(url).origin) && !target.startsWith('data:'))
        faults.push(target);
    });
    t.after(async () => {
      await page.close();
      assert.deepEqual(faults, []);
    });
    await page.goto(url);
    return page;
  }

  test('live calls and spend show what the ledger says, and a new call by itself', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    await (await ask(proxy, 'm')).text();
    const page = await openPage(t, `${proxy.url}/ui`);
    await page.waitForSelector('tr[data-request-id]');
    await (await ask(proxy, 'shop/unpriced')).text();
    await page.waitForSelector('tr[data-request-id]:nth-child(2)');
    const [first, second] = await proxy.ledger();
    const rowText = (id: unknown) => page.textContent(`tr[data-request-id="${id}"]`);
    assert.ok((await rowText(first?.['request_id']))?.includes(usd(first?.['cost_nanos_usd'])));
    assert.match((await rowText(second?.['request_id'])) ?? '', /—$/);

    await page.goto(`${proxy.url}/ui#spend`);
    assert.equal(await page.textContent('#spent'), usd(first?.['cost_nanos_usd']));
    assert.equal(await page.textContent('#calls'), '2');
  });

  for (const surface of ['Chat', 'Responses', 'Messages', 'Gemini']) {
    test(`a playground call through ${surface} costs what its ledger line says (MON-7)`, async (t) => {
      const proxy = await startProxy(t, CONFIG);
      const page = await openPage(t, `${proxy.url}/ui#playground`);
      await page.getByRole('button', { name: surface, exact: true }).click();
      await page.getByRole('button', { name: 'Send' }).click();
      await page.waitForSelector('#cost');
      const [line] = await proxy.ledger();
      assert.equal(line?.['stream'], true);
      assert.equal(await page.textContent('#cost'), usd(line?.['cost_nanos_usd']));
      assert.match((await page.textContent('.answer')) ?? '', /You said: Say hello/);
    });
  }

  test('a key encrypted in the browser is opened by the private key (SEC-5)', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const page = await openPage(t, `${proxy.url}/ui#encrypt`);
    await page.getByLabel('Name of the key pair').fill('pair-1');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await page.getByLabel('Public key (PEM)').fill(pem);
    await page.getByLabel('Provider key').fill('sk-provider-secret-0001');
    await page.getByRole('button', { name: 'Encrypt' }).click();
    const yaml = (await page.textContent('.copy pre')) ?? '';
    assert.match(yaml, /key_preview: "sk-…0001"/);
    const envelope = JSON.parse(/key: (\{.*\})/.exec(yaml)?.[1] ?? '');
    assert.equal(
      open(envelope, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
      'sk-provider-secret-0001',
    );
  });

  test('a variant of another name is given as YAML to paste', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const page = await openPage(t, `${proxy.url}/ui#catalogue`);
    await page.getByText('USD per 1,000 tokens, or per piece').first().waitFor();
    await page.getByRole('button', { name: 'Add with a different name' }).first().click();
    await page.getByLabel('New name').fill('m-clientB');
    assert.equal(await page.textContent('.copy pre'), 'variants:\n  m-clientB:\n    model: m\n');
    await page.getByLabel('New name').fill('m-clientA');
    assert.match((await page.textContent('.notice')) ?? '', /has this name/);
  });

  test('clients are told the address of this very proxy, and the model that was picked', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const page = await openPage(t, `${proxy.url}/ui#connect`);
    await page.getByLabel('Model').fill('shop/unpriced');
    const texts = await page.locator('.copy pre').allTextContents();
    assert.equal(texts.length, 5);
    assert.ok(texts.every((text) => text.includes(proxy.url)));
    assert.ok(texts[2]?.endsWith('claude --model shop/unpriced'));
    assert.ok(texts[1]?.includes(`OPENAI_BASE_URL=${proxy.url}/v1\n`));
  });

  test('a failed call says why, and opens wherever it is clicked', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    await (await ask(proxy, 'nobody-has-this')).text();
    const page = await openPage(t, `${proxy.url}/ui`);
    await page.waitForSelector('tr[data-request-id]');
    assert.match((await page.textContent('tr.call')) ?? '', /model not found/);
    await page.locator('tr.call td').first().click();
    await page.getByText('Asked as').waitFor();
  });

  test('every view is reached by keyboard, and shows no sideways scrolling on a phone', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const page = await openPage(t, `${proxy.url}/ui`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForSelector('h1');
    const titles = await page.locator('nav a').allTextContents();
    await page.keyboard.press('Tab');
    for (const title of titles) {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(overflow) <= 0, `${title}: ${overflow} px`);
    }
  });

  test('on a phone the calls need no sideways scrolling, and their details are all there', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    await (await ask(proxy, 'shop/unpriced')).text();
    await (await ask(proxy, 'a-name-that-is-rather-long-and-that-nobody-has')).text();
    const page = await openPage(t, `${proxy.url}/ui`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForSelector('tr[data-request-id]');
    await page.getByRole('button', { name: 'shop/unpriced' }).click();
    await page.getByText('Asked as').waitFor();
    const overflow =
      'document.querySelector(".scroll").scrollWidth - document.querySelector(".scroll").clientWidth';
    assert.equal(await page.evaluate(overflow), 0);
  });

  for (const view of ['limits', 'spend']) {
    test(`on a phone ${view} need no sideways scrolling`, async (t) => {
      const policies = { requests: { per_minute: 6_000 }, tokens: { per_day: 5_000_000 } };
      const proxy = await startProxy(t, { ...CONFIG, policies });
      await (await ask(proxy, 'm')).text();
      const page = await openPage(t, `${proxy.url}/ui#${view}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.waitForSelector('.scroll td');
      const overflow =
        'document.querySelector(".scroll").scrollWidth - document.querySelector(".scroll").clientWidth';
      assert.equal(await page.evaluate(overflow), 0);
    });
  }

  test('endpoints show what /v1/route tells: order, price and measurements', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    for (let call = 0; call < 3; call += 1) await (await ask(proxy, 'm')).text();
    const page = await openPage(t, `${proxy.url}/ui#endpoints`);
    await page.waitForSelector('.card .rank');
    const { endpoints } = (await (await fetch(`${proxy.url}/v1/route?model=m`)).json()) as {
      endpoints: { provider: string; reason: string; cost_usd: string; attempts: number }[];
    };
    const cards = await page.locator('.card').allTextContents();
    assert.equal(cards.length, endpoints.length);
    for (const [at, { provider, reason, cost_usd: cost, attempts }] of endpoints.entries()) {
      const text = cards[at]?.replace(/\s+/g, ' ') ?? '';
      assert.ok(text.startsWith(`${at + 1}${provider}`), text);
      assert.ok(text.includes(reason) && text.includes(`$${cost}`), text);
      assert.ok(attempts === 0 || text.includes(`100.0 % of ${attempts}`), text);
    }
    const [line] = await proxy.ledger();
    const last = await page.locator('tbody tr').first().textContent();
    assert.ok(last?.endsWith(usd(line?.['cost_nanos_usd'])), `${last}`);
  });

  test('limits show what is used of them, their period and time zone, to the nano', async (t) => {
    const limits = {
      policies: { requests: { per_hour: 50 } },
      api_keys: {
        ana: {
          key: 'client-key-000001',
          models: ['m'],
          budgets: [{ usd: 5, period: 'month', timezone: 'Europe/Berlin' }],
          quotas: [{ metric: 'tokens', limit: 1_000_000, period: 'total' }],
        },
      },
      admin_key: 'admin-secret-000001',
    };
    const proxy = await startProxy(t, { ...CONFIG, ...limits });
    await (await ask(proxy, 'm', { authorization: 'Bearer client-key-000001' })).text();
    const page = await openPage(t, `${proxy.url}/ui#live`, [401]);
    await page.getByLabel('Admin key').fill('admin-secret-000001');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Limits' }).click();
    await page.waitForSelector('tr[data-limit]');
    const cells = async (limit: string) =>
      (await page.locator(`tr[data-limit="${limit}"] td`).allTextContents()).map((text) =>
        text.trim(),
      );
    const [line] = await proxy.ledger();
    const nanos = Number(line?.['cost_nanos_usd']);
    const spent = await cells('api_key ana usd.month');
    assert.deepEqual(spent.slice(0, 6), [
      'key ana',
      'US dollars a month Europe/Berlin',
      usd(nanos),
      '',
      usd(5e9 - nanos),
      '$5',
    ]);
    const used = Number(line?.tokens?.['in']) + Number(line?.tokens?.['out']);
    const tokens = await cells('api_key ana tokens.total');
    assert.deepEqual([tokens[1], tokens[2]], ['tokens in total UTC', `${used}`]);
    const requests = await cells('global  requests.per_hour');
    assert.deepEqual([requests[1], requests[2], requests[4]], ['requests per hour', '1', '49']);
  });

  test('with API keys it asks for the admin key, and sends it as a header (SEC-2)', async (t) => {
    const keys = {
      admin_key: 'admin-secret-000001',
      api_keys: { ana: { key: 'client-key-000001', models: ['*'] } },
    };
    const proxy = await startProxy(t, { ...CONFIG, ...keys });
    const page = await context.newPage();
    await page.goto(`${proxy.url}/ui`);
    await page.getByLabel('Admin key').fill('client-key-000001');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=That is not the admin key');
    await page.getByLabel('Admin key').fill('admin-secret-000001');
    await page.keyboard.press('Enter');
    await page.waitForSelector('h1:text("Live")');
    await page.close();
  });
});

describe("who may read the page's data", () => {
  const read = (url: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/ui/data/calls`, { headers });

  test('with API keys only the admin key may; without one in the config nobody (SEC-2)', async (t) => {
    const api_keys = { ana: { key: 'client-key-000001', models: ['*'] } };
    const locked = await startProxy(t, { ...CONFIG, api_keys });
    const proxy = await startProxy(t, { ...CONFIG, api_keys, admin_key: 'admin-secret-000001' });
    assert.equal((await read(locked.url)).status, 401);
    assert.equal((await read(proxy.url)).status, 401);
    assert.equal(
      (await read(proxy.url, { authorization: 'Bearer client-key-000001' })).status,
      401,
    );
    assert.equal(
      (await read(proxy.url, { authorization: 'Bearer admin-secret-000001' })).status,
      200,
    );
    assert.equal((await fetch(`${proxy.url}/ui`)).status, 200);
  });

  test('other web pages may not, allowed origins included (SEC-2)', async (t) => {
    const origin = 'https://chat.example.com';
    const proxy = await startProxy(t, {
      ...CONFIG,
      server: { ...SERVER, allowed_origins: [origin] },
    });
    assert.equal((await read(proxy.url, { origin })).status, 403);
    assert.equal((await read(proxy.url, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.equal((await read(proxy.url, { origin: proxy.url })).status, 200);
  });

  test('a cursor brings only what came after it, and unknown words are named', async (t) => {
    const proxy = await startProxy(t, CONFIG);
    const call = () =>
      proxy.post('/v1/chat/completions', {
        model: 'm',
        messages: [{ role: 'user', content: 'x' }],
      });
    await (await call()).text();
    const first = (await (await read(proxy.url)).json()) as { cursor: string; calls: unknown[] };
    assert.equal(first.calls.length, 1);
    await (await call()).text();
    const next = (await (
      await fetch(`${proxy.url}/ui/data/calls?after=${first.cursor}`)
    ).json()) as typeof first;
    assert.equal(next.calls.length, 1);
    const bad = await fetch(`${proxy.url}/ui/data/usage?by=nonsense`);
    assert.equal(bad.status, 400);
  });
});

/** One call of a client. */
function ask(
  proxy: Awaited<ReturnType<typeof startProxy>>,
  model: string,
  headers: Record<string, string> = {},
) {
  const body = { model, messages: [{ role: 'user', content: 'Hello' }] };
  return proxy.post('/v1/chat/completions', body, headers);
}

/** What the page makes of nanos, told in another way than the page does. */
function usd(nanos: unknown): string {
  return `$${(Number(nanos) / 1e9).toFixed(9).replace(/\.?0+$/, '')}`;
}

function open({ wrappedKey, iv, ciphertext }: Record<string, string>, key: string): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const aesKey = privateDecrypt(
    { key, padding, oaepHash: 'sha256' },
    Buffer.from(wrappedKey!, 'base64'),
  );
  const bytes = Buffer.from(ciphertext!, 'base64');
  const cipher = createDecipheriv('aes-256-gcm', aesKey, Buffer.from(iv!, 'base64'));
  cipher.setAuthTag(bytes.subarray(-16));
  return cipher.update(bytes.subarray(0, -16), undefined, 'utf8') + cipher.final('utf8');
}
