import type { SurfaceId } from '../dialects/operation.ts';
import type { Admittance, Denial, Standing } from '../policies/counters.ts';

type Headers = Record<string, string>;

/** Who reads the headers, and when. */
export interface Reader {
  surface: SurfaceId;
  nowMs: number;
}

/** The headers by which clients pace themselves: the tightest limits of a call (POL-7). */
export function limitHeaders(
  { requests, tokens }: Pick<Admittance, 'requests' | 'tokens'>,
  reader: Reader,
): Headers | null {
  if (requests === null && tokens === null) return null;
  const headers: Headers = {};
  if (requests !== null) addStanding(headers, { what: 'requests', ...requests }, reader);
  if (tokens !== null) addStanding(headers, { what: 'tokens', ...tokens }, reader);
  return headers;
}

/** The same on a refusal, where the limit that refused is the tightest. */
export function standingHeaders({ limit, left, waitMs }: Denial, reader: Reader): Headers {
  const { max, metric: what } = limit;
  if (what !== 'requests' && what !== 'tokens') return {};
  const headers: Headers = {};
  addStanding(headers, { what, max: Number(max), left: Number(left), resetMs: waitMs }, reader);
  return headers;
}

/**
 * In OpenAI's form for everybody, and in Anthropic's for its clients; no reset where there is none.
 * https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
 * https://platform.claude.com/docs/en/api/rate-limits#response-headers
 */
function addStanding(
  headers: Headers,
  { what, max, left, resetMs }: Standing & { what: 'requests' | 'tokens' },
  { surface, nowMs }: Reader,
): void {
  headers[`x-ratelimit-limit-${what}`] = String(max);
  headers[`x-ratelimit-remaining-${what}`] = String(left);
  if (resetMs !== null) headers[`x-ratelimit-reset-${what}`] = formatSpan(resetMs);
  if (surface !== 'anthropic') return;
  headers[`anthropic-ratelimit-${what}-limit`] = String(max);
  headers[`anthropic-ratelimit-${what}-remaining`] = String(left);
  if (resetMs !== null) {
    headers[`anthropic-ratelimit-${what}-reset`] = new Date(nowMs + resetMs).toISOString();
  }
}

/** A length of time as OpenAI writes it: `17ms`, `1s`, `6m0s`. */
function formatSpan(spanMs: number): string {
  if (spanMs < 1000) return `${Math.ceil(spanMs)}ms`;
  const seconds = Math.ceil(spanMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${seconds % 60}s`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds % 60}s`;
}
