import { GatewayError } from '../core/gateway-error.ts';
import { JsonScanError } from '../dialects/scan-json.ts';

/** Any thrown thing as the failure that the client is told. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  // What an upstream wrote is checked where it is read, so this is the client's JSON.
  if (error instanceof JsonScanError) {
    return new GatewayError('invalid_json', `Malformed JSON: ${error.message}.`, { cause: error });
  }
  return new GatewayError('internal_error', 'Signalbox failed on this request; its log says why.', {
    cause: error,
  });
}
