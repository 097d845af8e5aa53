import { errors } from 'undici';
import { GatewayError } from '../core/gateway-error.ts';

const NO_TLS = 'it speaks no TLS, so that its URL may have to begin with http:';

/** Words for the socket errors that people meet; the raw code stands behind them. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  HTTPParserError: 'its answer is not valid HTTP',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate comes from an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  // Newer versions of OpenSSL read the same bytes otherwise.
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

/** Turns a transport's error into the failure that the client is told, without secrets. */
export function describeFailure(error: Error, host: string): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error.name === 'AbortError') {
    return new GatewayError('client_closed', 'The client closed the request.', { cause: error });
  }
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  ) {
    return new GatewayError(
      'upstream_timeout',
      `The upstream at ${host} did not answer in time. Raise the provider's timeout if it is merely slow.`,
      { cause: error },
    );
  }
  // What is not HTTP at all has a name only.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const reason = REASONS[code];
  return new GatewayError(
    'upstream_error',
    `The upstream at ${host} failed: ${reason ? `${reason} (${code})` : code}.`,
    { cause: error },
  );
}
