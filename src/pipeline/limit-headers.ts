import type { SurfaceId } from '../dialects/operation.ts';
import type { Admittance, Denial, LimitStanding } from '../policies/counters.ts';

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
  if (requests !== null) addStanding(headers, NAMES.requests, { standing: requests, reader });
  if (tokens !== null) addStanding(headers, NAMES.tokens, { standing: tokens, reader });
  return headers;
}

/** The same on a refusal, where the limit that refused is the tightest. */
export function standingHeaders({ limit, left, waitMs }: Denial, reader: Reader): Headers {
  const { max, metric: what } = limit;
  if (what !== 'requests' && what !== 'tokens') return {};
  const headers: Headers = {};
  const standing = { max: Number(max), left: Number(left), resetMs: waitMs };
  addStanding(headers, NAMES[what], { standing, reader });
  return headers;
}

/** Put together once: a name made on each call is looked up among all known names. */
const NAMES = { requests: namesFor('requests'), tokens: namesFor('tokens') };

function namesFor(what: 'requests' | 'tokens') {
  return {
    limit: `x-ratelimit-limit-${what}`,
    remaining: `x-ratelimit-remaining-${what}`,
    reset: `x-ratelimit-reset-${what}`,
    anthropicLimit: `anthropic-ratelimit-${what}-limit`,
    anthropicRemaining: `anthropic-ratelimit-${what}-remaining`,
    anthropicReset: `anthropic-ratelimit-${what}-reset`,
  };
}

/**
 * In OpenAI's form for everybody, and in Anthropic's for its clients; no reset where there is none.
 * https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
 * https://platform.claude.com/docs/en/api/rate-limits#response-headers
 */
function addStanding(
  headers: Headers,
  names: ReturnType<typeof namesFor>,
  { standing, reader: { surface, nowMs } }: { standing: LimitStanding; reader: Reader },
): void {
  const { max, left, resetMs } = standing;
  headers[names.limit] = String(max);
  headers[names.remaining] = String(left);
  if (resetMs !== null) headers[names.reset] = formatSpan(resetMs);
  if (surface !== 'anthropic') return;
  headers[names.anthropicLimit] = String(max);
  headers[names.anthropicRemaining] = String(left);
  if (resetMs !== null) {
    headers[names.anthropicReset] = new Date(nowMs + resetMs).toISOString();
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
