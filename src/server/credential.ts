import type { IncomingHttpHeaders } from 'node:http';
import { readHeader } from '../core/client-headers.ts';
import type { SurfaceId } from '../surfaces/surface.ts';

type Form = 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'api-key' | 'query';

/** Every form is accepted on every surface; the surface's own comes first (API-7). */
const ORDER: Record<SurfaceId, readonly Form[]> = {
  openai: ['bearer', 'api-key', 'x-api-key', 'x-goog-api-key', 'query'],
  anthropic: ['x-api-key', 'bearer', 'api-key', 'x-goog-api-key', 'query'],
  google: ['x-goog-api-key', 'query', 'bearer', 'x-api-key', 'api-key'],
};

/** The API key that a client presents, or null; an empty one counts as absent (KEY-1). */
export function readCredential(
  surface: SurfaceId,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): string | null {
  for (const form of ORDER[surface]) {
    const value = readForm(form, headers, query);
    if (value) return value;
  }
  return null;
}

function readForm(form: Form, headers: IncomingHttpHeaders, query: URLSearchParams) {
  if (form === 'query') return query.get('key');
  if (form !== 'bearer') return readHeader(headers, form);
  return /^bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
}

/** The query without the credential, as it may travel on: empty, or with its question mark. */
export function withoutCredential(query: string): string {
  if (query === '') return '';
  const kept = query
    .replace(/^\?/, '')
    .split('&')
    // The name may be percent-encoded, as it is read above.
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has('key'));
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}
