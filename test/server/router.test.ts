import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { OPERATION_NAMES, operationFacts } from '../../src/dialects/operation.ts';
import { findRoute, guessSurface, hintSurface } from '../../src/server/router.ts';

const hint = (path: string, headers = {}, query = '') =>
  hintSurface(headers, path, new URLSearchParams(query));

const find = (method: string, path: string) => findRoute({ method, path, surfaceHint: hint(path) });

describe('findRoute', () => {
  test('API-1, API-2, API-3: every operation has its route, with its version and without', () => {
    for (const operation of OPERATION_NAMES) {
      const { surface, path } = operationFacts(operation);
      const versions = surface === 'google' ? ['/v1beta', '/v1', ''] : ['/v1', ''];
      for (const version of versions) {
        const route = find('POST', version + path.replace('{model}', 'vendor/m:cost'));
        assert.ok(route.kind === 'call');
        assert.equal(route.surface, surface);
        assert.equal(route.call.operation, operation);
        assert.equal(route.call.pathModel, surface === 'google' ? 'vendor/m:cost' : null);
      }
    }
  });

  test('ERR-2: a path that is not there is 404, a method that is not meant is 405', () => {
    for (const [method, path, code, allow] of [
      ['POST', '/v1/chat', 'route_not_found', undefined],
      ['POST', '/v1/chat/completions/', 'route_not_found', undefined],
      ['POST', '/v1/models/m', 'route_not_found', undefined],
      ['GET', '/v1/models/', 'route_not_found', undefined],
      ['GET', '/metrics/x', 'route_not_found', undefined],
      ['GET', '/v1/messages', 'method_not_allowed', 'POST'],
      ['GET', '/v1/models/m:generateContent', 'method_not_allowed', 'POST'],
      ['DELETE', '/v1beta/models', 'method_not_allowed', 'GET, HEAD'],
      ['PUT', '/health/ready', 'method_not_allowed', 'GET, HEAD'],
    ] as const) {
      assert.throws(
        () => find(method, path),
        (error) => {
          assert.ok(error instanceof GatewayError);
          assert.equal(error.code, code, `${method} ${path}`);
          assert.equal(error.headers['allow'], allow);
          return true;
        },
      );
    }
  });

  test('RES-8: one model is found by an id with slashes and colons, decoded once', () => {
    for (const [path, id] of [
      ['/v1/models', null],
      ['/models/m', 'm'],
      ['/v1/models/openai/gpt-4o', 'openai/gpt-4o'],
      ['/v1beta/models/llama3%3A8b', 'llama3:8b'],
      ['/v1/models/a%252Fb', 'a%2Fb'],
    ] as const) {
      const route = find('GET', path);
      assert.deepEqual(route, { kind: 'models', surface: hint(path), id });
    }
  });
});

describe('guessSurface', () => {
  test('API-7: the shared list of models goes by headers, all else by its path', () => {
    const guess = (method: string, path: string, headers = {}, query = '') =>
      guessSurface({ method, path, surfaceHint: hint(path, headers, query) });
    const anthropic = { 'anthropic-version': '2026-10-21' };
    assert.equal(guess('GET', '/v1/models'), 'openai');
    assert.equal(guess('GET', '/v1/models/llama3:8b'), 'openai');
    assert.equal(guess('GET', '/v1/models', anthropic), 'anthropic');
    assert.equal(guess('HEAD', '/models/m', { 'x-goog-api-key': 'k' }), 'google');
    assert.equal(guess('GET', '/v1/models', { 'x-goog-api-client': 'c' }), 'google');
    assert.equal(guess('GET', '/v1/models', {}, 'key=k'), 'google');
    assert.equal(guess('GET', '/v1beta/models'), 'google');
    assert.equal(guess('POST', '/v1/models/m:generateContent', anthropic), 'google');
    assert.equal(guess('POST', '/v1/messages'), 'anthropic');
    assert.equal(guess('POST', '/messages/batches'), 'anthropic');
    assert.equal(guess('POST', '/v1/chat/completions', { 'x-goog-api-key': 'k' }), 'openai');
    assert.equal(guess('GET', '/anything'), 'openai');
  });
});
