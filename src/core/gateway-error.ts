/** Every refusal and failure that a client can see: its code, and the HTTP status it travels with. */
export const ERRORS = {
  invalid_request: { status: 400 },
  invalid_json: { status: 400 },
  provider_not_allowed: { status: 400 },
  max_tokens_exceeded: { status: 400 },
  max_input_exceeded: { status: 400 },
  unsupported_parameter: { status: 400 },
  unsupported_capability: { status: 400 },
  context_length_exceeded: { status: 400 },
  media_fetch_failed: { status: 400 },
  thread_unsupported_request: { status: 400 },
  unauthorized: { status: 401 },
  api_key_expired: { status: 401 },
  api_key_revoked: { status: 401 },
  budget_exceeded: { status: 402 },
  model_unpriced: { status: 402 },
  model_not_allowed: { status: 403 },
  provider_disabled: { status: 403 },
  provider_api_key_revoked: { status: 403 },
  ip_not_allowed: { status: 403 },
  origin_not_allowed: { status: 403 },
  host_not_allowed: { status: 403 },
  model_not_found: { status: 404 },
  route_not_found: { status: 404 },
  namespace_not_found: { status: 404 },
  method_not_allowed: { status: 405 },
  request_timeout: { status: 408 },
  payload_too_large: { status: 413 },
  unsupported_media_type: { status: 415 },
  upgrade_required: { status: 426 },
  rate_limit_exceeded: { status: 429 },
  quota_exceeded: { status: 429 },
  headers_too_large: { status: 431 },
  /** Never sent: the client was gone. It only stands in the ledger and the log. */
  client_closed: { status: 499 },
  internal_error: { status: 500 },
  upstream_error: { status: 502 },
  upstream_auth_error: { status: 502 },
  upstream_invalid_response: { status: 502 },
  upstream_stream_cut: { status: 502 },
  ledger_unavailable: { status: 503 },
  shutting_down: { status: 503 },
  upstream_timeout: { status: 504 },
} as const satisfies Record<string, { status: number }>;

export type ErrorCode = keyof typeof ERRORS;

/** The limit that refused a call, as its client may know it. */
export interface BrokenLimit {
  /** Whom it is for, such as `api_key`. */
  scope: string;
  /** What it counts, such as `requests.per_minute`. */
  metric: string;
  /** Its figure; US dollars as decimal text; null for what has none. */
  max: number | string | null;
}

interface ErrorDetails {
  /** The request field at fault, such as `model`. */
  param?: string;
  /** The model's name as the client sent it, where the error is about it (ERR-1). */
  model?: string;
  /** Seconds until a retry can succeed; sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** An upstream's own status, where it tells the client more than the code's. */
  status?: number;
  /** For refusals by a limit. */
  limit?: BrokenLimit;
  /** Extra response headers, such as `allow` on a 405. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/** A refusal or failure with a stable code; its message is for the client and holds no secret. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly param: string | undefined;
  readonly model: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly limit: BrokenLimit | undefined;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? ERRORS[code].status;
    this.param = details.param;
    this.model = details.model;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.limit = details.limit;
    this.headers = details.headers ?? {};
  }
}
