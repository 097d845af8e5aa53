/**
 * Milliseconds until the upstream wants to be asked again, as its answer to a request says; null where
 * it does not. `retry-after` is seconds or a date (RFC 9110); Google writes it into the body.
 */
export function readRetryAfter(
  headers: Record<string, string>,
  body: Buffer,
  nowMs: number,
): number | null {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const text = headers['retry-after'];
  if (text !== undefined) {
    const seconds = Number(text);
    if (seconds >= 0) return seconds * 1000;
    const date = Date.parse(text);
    return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
  }
  // https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto (RetryInfo)
  const delay = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body.toString('utf8'))?.[1];
  return delay === undefined ? null : Number(delay) * 1000;
}
