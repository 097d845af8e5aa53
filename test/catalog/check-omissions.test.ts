import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './catalog-of.ts';

const MODELS = 'providers: { p: { type: MOCK } }\nmodels: { m: { provider: p, pricing: none } }\n';
const KEY = `sha256:${'a'.repeat(64)}`;

describe('checkOmissions (CFG-10)', () => {
  test('a config without models is warned of', async () => {
    assert.deepEqual(await problemsOf('providers: { p: { type: MOCK } }'), [
      'warning models: there are none: every call will be 404',
    ]);
  });

  test('API keys without an admin key are warned of', async () => {
    const keys = `${MODELS}api_keys: { k: { key: "${KEY}" } }\n`;
    assert.deepEqual(await problemsOf(keys), [
      'warning api_keys: there is no `admin_key`, so nobody may see /ui and /metrics',
    ]);
    assert.deepEqual(
      await problemsOf(`${keys}admin_key: os.environ/A`, { environment: { A: 'x' } }),
      [],
    );
  });

  test('whoever has both, or neither keys nor an admin key, lacks nothing', async () => {
    assert.deepEqual(await problemsOf(MODELS), []);
  });
});
