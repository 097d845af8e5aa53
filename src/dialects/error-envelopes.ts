import type { GatewayError } from '../core/gateway-error.ts';
import { errorWord } from './error-words.ts';
import type { SurfaceId } from './operation.ts';

/** The JSON body that tells a client of an error, in the envelope of its API. */
export function encodeError(surface: SurfaceId, error: GatewayError, requestId: string): object {
  const type = errorWord(surface, error.status);
  const message = messageOf(surface, error);
  switch (surface) {
    case 'openai':
      return {
        error: { message, type, param: paramOf(error), code: error.code, ...limitFields(error) },
      };
    case 'anthropic':
      return {
        type: 'error',
        error: { type, message, ...anthropicDetails(error), ...limitFields(error) },
        request_id: requestId,
      };
    case 'google':
      return {
        error: {
          code: error.status,
          message,
          status: type,
          details: googleDetails(error),
        },
      };
  }
}

/** The message of each API for an unknown model; `version` is the API version in Google's path. */
export function modelNotFoundMessage(
  surface: SurfaceId,
  model: string,
  version = 'v1beta',
): string {
  switch (surface) {
    case 'openai':
      return `The model \`${model}\` does not exist or you do not have access to it.`;
    case 'anthropic':
      return `model: ${model}`;
    case 'google':
      return `models/${model} is not found for API version ${version}, or is not supported for generateContent.`;
  }
}

function messageOf(surface: SurfaceId, { code, message, model }: GatewayError): string {
  if (code === 'model_not_found' && model !== undefined) {
    return modelNotFoundMessage(surface, model);
  }
  // This API has no code for it, so agents look for these words before they compact their history.
  const isUntold = code === 'context_length_exceeded' && !/^prompt is too long/i.test(message);
  return surface === 'anthropic' && isUntold ? `prompt is too long: ${message}` : message;
}

function paramOf({ code, param }: GatewayError): string | null {
  return param ?? (code === 'model_not_found' ? 'model' : null);
}

function anthropicDetails({ code }: GatewayError): object {
  if (code !== 'thread_unsupported_request') return { code };
  // Only this code in this place makes the SDK send its whole history instead of a thread.
  return { details: { error_code: code, unsupported: ['thread'] } };
}

/** Which limit refused the call (POL-5), and when to retry. */
function limitFields({ limit, retryAfterSeconds }: GatewayError): Record<string, unknown> {
  if (limit === undefined) return {};
  const { scope, metric, max } = limit;
  return {
    scope,
    metric,
    ...(max === null ? {} : { limit: max }),
    ...(retryAfterSeconds === undefined ? {} : { retry_after: Math.ceil(retryAfterSeconds) }),
  };
}

function googleDetails(error: GatewayError): object[] {
  const { code, retryAfterSeconds } = error;
  // The metadata of an ErrorInfo is a map of strings:
  // https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
  const fields = Object.entries(limitFields(error)).map(([name, value]) => [name, String(value)]);
  const reason = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: code,
    ...(fields.length === 0 ? {} : { metadata: Object.fromEntries(fields) }),
  };
  if (retryAfterSeconds === undefined) return [reason];
  const retryDelay = `${Math.ceil(retryAfterSeconds)}s`;
  return [reason, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
}
