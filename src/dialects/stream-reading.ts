import { asObject, asText } from './json-object.ts';
import type { StreamReading, StreamTap } from './wire-format.ts';

/** The reading of a stream before its first event. */
export function createStreamReading(): StreamReading {
  return {
    usage: null,
    providerUsage: undefined,
    contentBytes: 0,
    hasMedia: false,
    finished: false,
    terminal: false,
    error: null,
  };
}

/** A tap for operations that do not stream: it reads nothing. */
export function createIdleTap(): StreamTap {
  return { reading: createStreamReading(), push: () => {} };
}

/** The error in an event's `error` member, which is an object or a plain message. */
export function readStreamError(error: unknown): NonNullable<StreamReading['error']> {
  const { message, type, status, code } = asObject(error);
  return {
    message:
      asText(message) ?? asText(error) ?? 'The upstream reported an error without a message.',
    // OpenRouter names the kind of error only by a numeric code:
    // https://openrouter.ai/docs/api/reference/errors-and-debugging
    type: asText(type) ?? asText(status) ?? (code == null ? undefined : String(code)),
  };
}
