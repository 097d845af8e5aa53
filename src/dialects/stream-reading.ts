import { asObject, asText } from './json-object.ts';
import type { StreamReading, StreamTap } from './wire-format.ts';

/** The reading of a stream that has told nothing yet. */
export function createStreamReading(): StreamReading {
  return {
    usage: null,
    providerUsage: undefined,
    contentBytes: 0,
    finished: false,
    terminal: false,
    error: null,
  };
}

/** A tap for operations that do not stream: it reads nothing. */
export function createIdleTap(): StreamTap {
  return { reading: createStreamReading(), push: () => {} };
}

/** The error that an event's `error` member tells of, an object or a plain message. */
export function readStreamError(error: unknown): NonNullable<StreamReading['error']> {
  const { message, type, status, code } = asObject(error);
  return {
    message:
      asText(message) ?? asText(error) ?? 'The upstream reported an error without a message.',
    // OpenRouter's only word for the kind is a numeric code: https://openrouter.ai/docs/api/reference/errors-and-debugging
    type: asText(type) ?? asText(status) ?? (code == null ? undefined : String(code)),
  };
}
