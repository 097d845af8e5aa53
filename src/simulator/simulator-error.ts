import type { SurfaceId } from '../dialects/operation.ts';

/** An error in the format of a provider. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly status: number;
  readonly param: string | null;

  constructor(status: number, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
  }
}

/** The providers' words for a status. */
type ErrorWords = readonly [
  openAiType: string,
  openAiCode: string | null,
  anthropicType: string,
  googleStatus: string,
];

const INVALID = 'invalid_request_error';
const BAD_REQUEST: ErrorWords = [INVALID, null, INVALID, 'INVALID_ARGUMENT'];
const SERVER_ERROR: ErrorWords = ['server_error', null, 'api_error', 'INTERNAL'];
const OVERLOADED: ErrorWords = ['server_error', 'overloaded', 'overloaded_error', 'UNAVAILABLE'];

/**
 * https://platform.openai.com/docs/guides/error-codes · https://docs.claude.com/en/api/errors ·
 * https://ai.google.dev/gemini-api/docs/troubleshooting
 */
const WORDS: Record<number, ErrorWords> = {
  401: ['authentication_error', 'invalid_api_key', 'authentication_error', 'UNAUTHENTICATED'],
  402: ['insufficient_quota', 'insufficient_quota', 'billing_error', 'FAILED_PRECONDITION'],
  403: ['permission_error', null, 'permission_error', 'PERMISSION_DENIED'],
  404: [INVALID, 'model_not_found', 'not_found_error', 'NOT_FOUND'],
  413: [INVALID, 'request_too_large', 'request_too_large', 'INVALID_ARGUMENT'],
  429: ['rate_limit_error', 'rate_limit_exceeded', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  503: OVERLOADED,
  504: ['server_error', 'timeout', 'timeout_error', 'DEADLINE_EXCEEDED'],
  529: OVERLOADED,
};

/** The error's body as that provider writes it. */
export function encodeError(surface: SurfaceId, error: SimulatorError, requestId: string): object {
  const { status, message, param } = error;
  const [type, code, anthropicType, googleStatus] = wordsOf(status);
  if (surface === 'anthropic') {
    return { type: 'error', error: { type: anthropicType, message }, request_id: requestId };
  }
  if (surface === 'google') return { error: { code: status, message, status: googleStatus } };
  return { error: { message, type, param, code } };
}

/** The `error` event of a Responses stream. */
export function encodeResponsesError(error: SimulatorError): object {
  const [type, code] = wordsOf(error.status);
  return {
    type: 'error',
    code: code ?? type,
    message: error.message,
    param: error.param,
    sequence_number: 0,
  };
}

/** A status without a row reads as a bad request or a server error. */
function wordsOf(status: number): ErrorWords {
  return WORDS[status] ?? (status < 500 ? BAD_REQUEST : SERVER_ERROR);
}
