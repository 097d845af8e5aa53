type Headers = Readonly<Record<string, string>>;

/**
 * Milliseconds until the upstream wants to be asked again, as its refusal says; null where it does not.
 * `retry-after` is seconds or a date (RFC 9110); Google writes it into the body.
 */
export function readRetryAfter(headers: Headers, body: Buffer, nowMs: number): number | null {
  return (
    readNumber(headers['retry-after-ms']) ??
    readDelay(headers['retry-after'], nowMs) ??
    readRetryInfo(body) ??
    readResets(headers, nowMs)
  );
}

function readDelay(text: string | undefined, nowMs: number): number | null {
  const seconds = readNumber(text);
  return seconds === null ? untilDate(text, nowMs) : seconds * 1000;
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto (RetryInfo) */
function readRetryInfo(body: Buffer): number | null {
  const delay = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body.toString('utf8'))?.[1];
  return delay === undefined ? null : Number(delay) * 1000;
}

/** How OpenAI and Anthropic name what remains of a limit; `reset` stands in the same place. */
const REMAINING = /^(x-ratelimit-|anthropic-ratelimit-.+-)remaining(-.+)?$/;

/**
 * When the last of the limits that are used up is filled again.
 * https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers ·
 * https://docs.claude.com/en/api/rate-limits#response-headers
 */
function readResets(headers: Headers, nowMs: number): number | null {
  const waits = Object.entries(headers).flatMap(([name, remaining]) => {
    const [, limit, kind = ''] = REMAINING.exec(name) ?? [];
    if (limit === undefined || readNumber(remaining) !== 0) return [];
    const reset = headers[`${limit}reset${kind}`];
    return readDuration(reset) ?? untilDate(reset, nowMs) ?? [];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's way of writing a duration: `12ms`, `8.64s`, `6m0s`. */
function readDuration(text = ''): number | null {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null;
  const parts = [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
}

/** Dates hold a colon, and `Date.parse` makes one of nearly anything that does not. */
function untilDate(text = '', nowMs: number): number | null {
  const date = text.includes(':') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

function readNumber(text = ''): number | null {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}
