// npm run pictures [-- VIEW …]: draws every view of the page, light and dark, wide and on a phone, into docs/pictures.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { stringify } from 'yaml';
import { startApp } from '../src/app/start-app.ts';
import { silentLogger } from '../src/core/logger.ts';
import { ADMIN_KEY, API_KEYS, pictureConfig } from './pictures/config.ts';
import { makeCalls } from './pictures/make-calls.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) =>
  existsSync(path),
);
const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const SIZES = {
  wide: { width: 1180, height: 760, scale: 1 },
  phone: { width: 390, height: 780, scale: 1.5 },
};

/** What is done in each view before its picture is taken. */
const VIEWS: Record<string, (page: Page) => Promise<unknown>> = {
  live: (page) => page.waitForSelector('tr[data-request-id]'),
  spend: (page) => page.waitForSelector('#spent'),
  endpoints: (page) => page.waitForSelector('.card .rank'),
  limits: (page) => page.waitForSelector('tr[data-limit]'),
  async catalogue(page) {
    await page.getByRole('button', { name: 'Add with a different name' }).first().click();
    await page.getByLabel('New name').fill('gpt-4.1-clientB');
    await page.waitForSelector('.copy pre');
  },
  async playground(page) {
    await page.getByLabel('Message').fill('Why is the sky blue? [[tokens 60]]');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForSelector('#cost');
  },
  connect: (page) => page.waitForSelector('.copy pre'),
  async encrypt(page) {
    await page.getByLabel('Provider key').fill('sk-example-of-a-provider-key-0001');
    await page.getByRole('button', { name: 'Encrypt' }).click();
    await page.waitForSelector('.copy pre');
  },
};

const wanted = process.argv.slice(2);
const views = Object.entries(VIEWS).filter(
  ([view]) => wanted.length === 0 || wanted.includes(view),
);
if (CHROMIUM === undefined) throw new Error("no /usr/bin/chromium here: install Debian's chromium");
const folder = await mkdtemp(join(tmpdir(), 'signalbox-pictures-'));
const configFile = join(folder, 'config.yaml');
await writeFile(configFile, stringify(pictureConfig(folder)));
// The calls are of the last day: the proxy's clock stands behind, and catches up.
let behindMs = 24 * 60 * 60 * 1000;
const clock = {
  now: () => Date.now() - behindMs,
  monotonicMs: () => performance.now() - behindMs,
};
const app = await startApp({
  configFile,
  port: 0,
  watch: false,
  allowOpen: false,
  logger: silentLogger,
  environment: {},
  clock,
});
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await mkdir(FOLDER, { recursive: true });
  await makeCalls(app.url, (restMs) => {
    behindMs = restMs;
  });
  for (const [size, { width, height, scale }] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: scale,
        colorScheme,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
      });
      const keys = { 'signalbox-admin-key': ADMIN_KEY, 'signalbox-api-key': API_KEYS.ana };
      await context.addInitScript(`Object.assign(sessionStorage, ${JSON.stringify(keys)})`);
      for (const [view, prepare] of views) {
        const page = await context.newPage();
        await page.goto(`${app.url}/ui#${view}`);
        await prepare(page);
        await page.evaluate('document.activeElement?.blur()');
        const name = `${view}-${colorScheme}-${size}.png`;
        const { length } = await page.screenshot({ path: join(FOLDER, name) });
        console.log(`${name}  ${Math.round(length / 1000)} KB`);
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await app.stop();
  await rm(folder, { recursive: true, force: true });
}
