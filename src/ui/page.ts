import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pageHtml } from './page-html.ts';

/** The page at `/ui`, ready to be sent. */
export interface Page {
  html: Buffer;
  gzip: Buffer;
  /** Lets nothing run or load but what the page itself holds. */
  contentSecurityPolicy: string;
}

let page: Promise<Page> | undefined;

/** Makes the page when it is first asked for. */
export function loadPage(): Promise<Page> {
  page ??= makePage();
  return page;
}

async function makePage(): Promise<Page> {
  const text = await pageHtml();
  const html = Buffer.from(text);
  return {
    html,
    gzip: gzipSync(html, { level: 9 }),
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src ${hashesOf(text, 'script')}`,
      `style-src ${hashesOf(text, 'style')}`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

function hashesOf(html: string, tag: 'script' | 'style'): string {
  return [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))]
    .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ');
}
