import type { BodyShape } from './chat-body.ts';
import type { Quantiles } from './statistics.ts';

/** What the load process is told to do. */
export interface LoadOrder {
  port: number;
  path: string;
  apiKey: string;
  /** Beside those that every request has. */
  headers: Record<string, string>;
  body: BodyShape;
  connections: number;
  /** Requests begin until then; 0 = one for each connection. */
  durationMs: number;
}

/** What the load process saw; times in microseconds. */
export interface LoadResult {
  answers: number;
  elapsedMs: number;
  /** From sending to the first byte of the answer. */
  firstByte: Quantiles;
  /** From sending to the last byte of the answer. */
  lastByte: Quantiles;
  /** Why the first request that was not answered with 200 failed. */
  failure: string | null;
}
