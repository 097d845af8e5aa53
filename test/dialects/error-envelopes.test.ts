import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ERRORS, type ErrorCode, GatewayError } from '../../src/core/gateway-error.ts';
import { encodeError, modelNotFoundMessage } from '../../src/dialects/error-envelopes.ts';
import type { SurfaceId } from '../../src/dialects/operation.ts';

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

function notFound(surface: SurfaceId): GatewayError {
  return new GatewayError('model_not_found', modelNotFoundMessage(surface, 'gpt-9'));
}

describe('encodeError', () => {
  test('ERR-1: an unknown model is told in the words of each API', () => {
    assert.deepEqual(encodeError('openai', notFound('openai'), 'req_1'), {
      error: {
        message: 'The model `gpt-9` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    });
    assert.deepEqual(encodeError('anthropic', notFound('anthropic'), 'req_1'), {
      type: 'error',
      error: { type: 'not_found_error', message: 'model: gpt-9', code: 'model_not_found' },
      request_id: 'req_1',
    });
    assert.deepEqual(encodeError('google', notFound('google'), 'req_1'), {
      error: {
        code: 404,
        message:
          'models/gpt-9 is not found for API version v1beta, or is not supported for generateContent.',
        status: 'NOT_FOUND',
        details: [{ '@type': ERROR_INFO, reason: 'model_not_found' }],
      },
    });
    assert.match(modelNotFoundMessage('google', 'gpt-9', 'v1'), /API version v1,/);
  });

  test('ERR-2: the message, the code and the field at fault are passed on', () => {
    const error = new GatewayError('max_tokens_exceeded', 'Ask for 10 at most.', {
      param: 'max_tokens',
    });
    assert.deepEqual(encodeError('openai', error, 'req_1'), {
      error: {
        message: 'Ask for 10 at most.',
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'max_tokens_exceeded',
      },
    });
  });

  test('every error has its word in each API', () => {
    const words: [code: ErrorCode, openai: string, anthropic: string, google: string][] = [
      ['invalid_json', 'invalid_request_error', 'invalid_request_error', 'INVALID_ARGUMENT'],
      ['unauthorized', 'authentication_error', 'authentication_error', 'UNAUTHENTICATED'],
      ['budget_exceeded', 'insufficient_quota', 'billing_error', 'FAILED_PRECONDITION'],
      ['model_not_allowed', 'permission_error', 'permission_error', 'PERMISSION_DENIED'],
      ['route_not_found', 'invalid_request_error', 'not_found_error', 'NOT_FOUND'],
      ['payload_too_large', 'invalid_request_error', 'request_too_large', 'INVALID_ARGUMENT'],
      ['quota_exceeded', 'rate_limit_error', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
      ['internal_error', 'server_error', 'api_error', 'INTERNAL'],
      ['upstream_error', 'server_error', 'api_error', 'UNAVAILABLE'],
      ['shutting_down', 'server_error', 'api_error', 'UNAVAILABLE'],
      ['upstream_timeout', 'server_error', 'timeout_error', 'DEADLINE_EXCEEDED'],
      ['method_not_allowed', 'invalid_request_error', 'invalid_request_error', 'INVALID_ARGUMENT'],
    ];
    for (const [code, openai, anthropic, google] of words) {
      const error = new GatewayError(code, 'x');
      const read = JSON.stringify(
        (['openai', 'anthropic', 'google'] as const).map((id) => encodeError(id, error, 'r')),
      );
      assert.match(read, new RegExp(`"type":"${openai}".*"type":"${anthropic}".*"${google}"`));
    }
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const body = JSON.stringify(encodeError('anthropic', new GatewayError(code, 'x'), 'r'));
      assert.ok(body.includes(code));
    }
  });

  test("an upstream's own status finds its word: 529 is Anthropic's overload", () => {
    const error = new GatewayError('upstream_error', 'Overloaded', { status: 529 });
    assert.deepEqual(encodeError('anthropic', error, 'req_1'), {
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded', code: 'upstream_error' },
      request_id: 'req_1',
    });
  });

  test('API-7: a server-side thread gets the answer that makes the SDK send its history', () => {
    const error = new GatewayError('thread_unsupported_request', 'Threads are not supported.');
    assert.deepEqual(encodeError('anthropic', error, 'req_1'), {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'Threads are not supported.',
        details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
      },
      request_id: 'req_1',
    });
  });

  test('Google clients are told when to retry in the body too', () => {
    const error = new GatewayError('rate_limit_exceeded', 'Slow down.', {
      retryAfterSeconds: 16.2,
    });
    assert.deepEqual(encodeError('google', error, 'req_1'), {
      error: {
        code: 429,
        message: 'Slow down.',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          { '@type': ERROR_INFO, reason: 'rate_limit_exceeded' },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' },
        ],
      },
    });
  });
});
