import { maskSent } from '../core/mask-sent.ts';
import type { AttemptContext } from './exchange.ts';
import { revealKey } from './reveal-key.ts';

/** Says the least where the key cannot be told from other words at this moment. */
const NO_WORDS = 'The upstream reported an error.';

/**
 * What an upstream says of an error, without what it repeats of the key and the configured headers that it
 * was sent (SEC-3).
 */
export function maskUpstream(
  text: string,
  { endpoint, resolution, runtime }: Pick<AttemptContext, 'endpoint' | 'resolution' | 'runtime'>,
): string {
  const key = revealKey({ endpoint, runtime });
  if (key instanceof Promise) {
    // It was opened to send the request, and minutes have passed since.
    key.catch(() => {});
    return NO_WORDS;
  }
  const configured = [endpoint.provider.headers, resolution.model.edits.headers];
  return maskSent(text, [key ?? '', ...configured.flatMap((headers) => Object.values(headers))]);
}
