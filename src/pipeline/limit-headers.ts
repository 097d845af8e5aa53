import type { SurfaceId } from '../dialects/operation.ts';
import type { Admittance, Denial, Standing } from '../policies/counters.ts';

type Headers = Record<string, string>;

/** The headers by which clients pace themselves: the tightest limits of a call (POL-7). */
export function limitHeaders(
  { requests, tokens }: Pick<Admittance, 'requests' | 'tokens'>,
  surface: SurfaceId,
  nowMs: number,
): Headers | null {
  if (requests === null && tokens === null) return null;
  const headers: Headers = {};
  if (requests !== null) addStanding(headers, 'requests', requests);
  if (tokens !== null) addStanding(headers, 'tokens', tokens);
  if (surface === 'anthropic') {
    if (requests !== null) addAnthropicStanding(headers, 'requests', requests, nowMs);
    if (tokens !== null) addAnthropicStanding(headers, 'tokens', tokens, nowMs);
  }
  return headers;
}

/** The same on a refusal, where the limit that refused is the tightest. */
export function standingHeaders({ limit, left, waitMs }: Denial): Headers {
  const { metric } = limit;
  if (metric !== 'requests' && metric !== 'tokens') return {};
  const headers: Headers = {};
  addStanding(headers, metric, {
    max: Number(limit.max),
    left: Number(left),
    resetMs: waitMs ?? 0,
  });
  return headers;
}

/** https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers */
function addStanding(headers: Headers, what: string, { max, left, resetMs }: Standing): void {
  headers[`x-ratelimit-limit-${what}`] = String(max);
  headers[`x-ratelimit-remaining-${what}`] = String(left);
  headers[`x-ratelimit-reset-${what}`] = formatSpan(resetMs);
}

/** https://platform.claude.com/docs/en/api/rate-limits#response-headers */
function addAnthropicStanding(
  headers: Headers,
  what: string,
  { max, left, resetMs }: Standing,
  nowMs: number,
): void {
  headers[`anthropic-ratelimit-${what}-limit`] = String(max);
  headers[`anthropic-ratelimit-${what}-remaining`] = String(left);
  headers[`anthropic-ratelimit-${what}-reset`] = new Date(nowMs + resetMs).toISOString();
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
