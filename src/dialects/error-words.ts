import type { SurfaceId } from './operation.ts';

type Words = readonly [openAiType: string, anthropicType: string, googleStatus: string];

const COLUMNS: Record<SurfaceId, 0 | 1 | 2> = { openai: 0, anthropic: 1, google: 2 };

const BAD_REQUEST: Words = ['invalid_request_error', 'invalid_request_error', 'INVALID_ARGUMENT'];
const UNAVAILABLE: Words = ['server_error', 'api_error', 'UNAVAILABLE'];

/**
 * Each API's word for a status.
 * https://platform.openai.com/docs/guides/error-codes · https://docs.claude.com/en/api/errors ·
 * https://cloud.google.com/apis/design/errors#error_model
 */
const WORDS: Record<number, Words> = {
  400: BAD_REQUEST,
  401: ['authentication_error', 'authentication_error', 'UNAUTHENTICATED'],
  402: ['insufficient_quota', 'billing_error', 'FAILED_PRECONDITION'],
  403: ['permission_error', 'permission_error', 'PERMISSION_DENIED'],
  404: ['invalid_request_error', 'not_found_error', 'NOT_FOUND'],
  409: ['conflict_error', 'conflict_error', 'ABORTED'],
  413: ['invalid_request_error', 'request_too_large', 'INVALID_ARGUMENT'],
  429: ['rate_limit_error', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  500: ['server_error', 'api_error', 'INTERNAL'],
  502: UNAVAILABLE,
  503: UNAVAILABLE,
  504: ['server_error', 'timeout_error', 'DEADLINE_EXCEEDED'],
  529: ['server_error', 'overloaded_error', 'UNAVAILABLE'],
};

/** The API's word for an HTTP status; a status without a row uses the word of 400 or of 503. */
export function errorWord(surface: SurfaceId, status: number): string {
  const words = WORDS[status] ?? (status < 500 ? BAD_REQUEST : UNAVAILABLE);
  return words[COLUMNS[surface]];
}

/** HTTP status for the types and codes of errors that are reported inside a stream. */
const STREAM_ERRORS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  invalid_prompt: 400,
  INVALID_ARGUMENT: 400,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  RESOURCE_EXHAUSTED: 429,
  overloaded_error: 503,
  UNAVAILABLE: 503,
  timeout_error: 504,
  DEADLINE_EXCEEDED: 504,
};

/** The HTTP status of an error inside a stream; undefined where its type does not tell. */
export function streamErrorStatus(
  type: string | undefined,
  surface: SurfaceId,
): number | undefined {
  // Anthropic's clients know a status of its own for it: https://docs.claude.com/en/api/errors
  if (type === 'overloaded_error' && surface === 'anthropic') return 529;
  return type === undefined ? undefined : STREAM_ERRORS[type];
}
