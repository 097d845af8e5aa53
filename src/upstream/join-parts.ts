/** What a request sends: all of it, or its parts in their order; null for none. */
export type RequestBody = Buffer | readonly Buffer[] | null;

/**
 * Undici takes 20 µs for a body in parts, however long it is. A copy costs 8 µs with 64 KB, 10 with 100 KB
 * and as much with 256 KB, as long as the memory that it goes to was in use lately, that is, is freed at once.
 */
const MOST_JOINED_BYTES = 128 * 1024;

/** A body whose parts are one if that is cheaper to send; its memory is then the caller's to free. */
export function joinParts(body: RequestBody): RequestBody {
  if (body === null || Buffer.isBuffer(body)) return body;
  return countBytes(body) > MOST_JOINED_BYTES ? body : join(body);
}

/** The length of a body's parts together. */
export function countBytes(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function join(parts: readonly Buffer[]): Buffer {
  const whole = Buffer.allocUnsafeSlow(countBytes(parts));
  let bytes = 0;
  for (const part of parts) bytes += part.copy(whole, bytes);
  return whole;
}
