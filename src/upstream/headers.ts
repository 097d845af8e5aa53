import type { ClientHeaders } from '../core/client-headers.ts';

/** What of a client's request may reach an upstream; everything else stays here (SEC-4). */
const FORWARDED_ALWAYS = ['traceparent', 'tracestate'];
const FORWARDED_BY_SURFACE: Record<string, readonly string[]> = {
  openai: [...FORWARDED_ALWAYS, 'idempotency-key'],
  anthropic: [...FORWARDED_ALWAYS, 'anthropic-version', 'anthropic-beta'],
};

interface RequestHeaderSources {
  /** Whose few headers pass on; null for a request that is ours. */
  surface: string | null;
  client: ClientHeaders;
  contentType: string;
  requestId: string;
  /** Authentication and versions, from the provider type. */
  credentials: Record<string, string>;
  /** Configured headers, the later ones stronger. */
  configured: readonly Readonly<Record<string, string>>[];
}

/** The headers of an upstream request: ours, then the client's few, then the configured ones. */
export function buildUpstreamHeaders(sources: RequestHeaderSources): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': sources.contentType,
    accept: '*/*',
    // Compressed events could not be metered as they pass.
    'accept-encoding': 'identity',
    'user-agent': 'signalbox',
    'x-request-id': sources.requestId,
  };
  Object.assign(headers, sources.credentials);
  for (const name of FORWARDED_BY_SURFACE[sources.surface ?? ''] ?? FORWARDED_ALWAYS) {
    const value = sources.client[name];
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  for (const configured of sources.configured) Object.assign(headers, configured);
  return headers;
}

/** What of an upstream's answer a client may see, beside its content type. */
const RETURNED = new Set([
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'content-disposition',
]);
const RETURNED_PREFIXES = ['x-ratelimit-', 'anthropic-ratelimit-'];

/** The response headers that go back to the client; cookies and server names do not. */
export function pickResponseHeaders(upstream: Record<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in upstream) {
    if (!RETURNED.has(name) && !RETURNED_PREFIXES.some((prefix) => name.startsWith(prefix)))
      continue;
    headers[name] = upstream[name] ?? '';
  }
  const requestId = upstreamRequestId(upstream);
  if (requestId !== undefined) headers['x-upstream-request-id'] = requestId;
  return headers;
}

/** The id under which the upstream knows the request. */
export function upstreamRequestId(upstream: Record<string, string>): string | undefined {
  return upstream['x-request-id'] ?? upstream['request-id'] ?? upstream['apim-request-id'];
}
