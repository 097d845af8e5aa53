import type { ServerResponse } from 'node:http';
import type { TokenUsage } from '../core/token-usage.ts';

/** How an answer is sent. */
export interface Delivery {
  ttftMs: number;
  /** Zero = as fast as the client reads. */
  tokensPerSecond: number;
  /** Destroy the connection in the middle of the answer. */
  truncate: boolean;
  /** Called once, before the client can see the end, with the usage to be charged. */
  settle(usage: TokenUsage): void;
}

/** Duration of that number of tokens; 0 at unlimited speed. */
export function msForTokens(tokens: number, tokensPerSecond: number): number {
  return tokensPerSecond > 0 ? (1000 * tokens) / tokensPerSecond : 0;
}

/** Resolves after that time, or at once when the client goes away. */
export function pause(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0 || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    response.on('close', done);
  });
}

/** Writes, and resolves when the client has read enough for more to be sent, or has gone away. */
export function writeToReader(text: string, response: ServerResponse): Promise<void> {
  if (text === '' || response.destroyed || response.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
