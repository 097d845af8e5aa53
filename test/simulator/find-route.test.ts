import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OPERATION_NAMES, OPERATIONS } from '../../src/dialects/operation.ts';
import { findRoute } from '../../src/simulator/find-route.ts';

describe('CFG-9 findRoute', () => {
  test('every operation is found, with and without a version segment', () => {
    for (const operation of OPERATION_NAMES) {
      const path = OPERATIONS[operation].path.replace('{model}', 'm');
      const pathModel = OPERATIONS[operation].path === path ? '' : 'm';
      for (const version of ['/v1', '/v1beta', '']) {
        const route = findRoute('POST', version + path);
        assert.deepEqual(route, { kind: 'operation', operation, pathModel });
      }
    }
  });

  test('a model in the path may hold slashes, colons and escapes', () => {
    for (const [path, pathModel] of [
      ['/models/org/model:cost:countTokens', 'org/model:cost'],
      ['/v1/models/a%20b:countTokens', 'a b'],
    ]) {
      assert.deepEqual(findRoute('POST', path ?? ''), {
        kind: 'operation',
        operation: 'count_tokens',
        pathModel,
      });
    }
  });

  test("Azure's routes are found, by deployment as well", () => {
    for (const path of [
      '/openai/v1/chat/completions',
      '/openai/deployments/a%2Fb/chat/completions',
    ]) {
      const route = { kind: 'operation', operation: 'chat', pathModel: '' };
      assert.deepEqual(findRoute('POST', path), route);
    }
    assert.deepEqual(findRoute('GET', '/openai/models'), { kind: 'models', id: null });
  });

  test('models are read with GET alone', () => {
    assert.deepEqual(findRoute('GET', '/v1/models'), { kind: 'models', id: null });
    assert.deepEqual(findRoute('GET', '/models/a/b'), { kind: 'models', id: 'a/b' });
    assert.equal(findRoute('POST', '/v1/models'), null);
    assert.equal(findRoute('GET', '/v1/chat/completions'), null);
    assert.equal(findRoute('POST', '/v1/models/%E0%A4%A:countTokens')?.kind, 'operation');
  });
});
