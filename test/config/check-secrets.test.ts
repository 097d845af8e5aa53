import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

const WARNING = 'warning: this secret stands in the file; use os.environ/NAME instead';
const KEY_WARNING =
  'warning: this secret stands in the file; use os.environ/NAME, or what `signalbox keys encrypt` prints';

function problems(text: string): string[] {
  return problemsOf(text, { KEY: 'secret' }).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkSecrets (CFG-10)', () => {
  test('every secret that stands in the file is warned of, and none is shown', () => {
    assert.deepEqual(
      problems(`
admin_key: secret
providers:
  p:
    type: OPENAI
    keys: { a: secret, b: { key: secret } }
    config: { headers: { Authorization: Bearer secret, x-team: growth } }
models: { m: { provider: p, config: { headers: { x-api-key: secret } } } }
api_keys: { k: { key: secret } }`),
      [
        `admin_key: ${WARNING}`,
        `providers.p.keys.a: ${KEY_WARNING}`,
        `providers.p.keys.b.key: ${KEY_WARNING}`,
        `providers.p.config.headers.Authorization: ${WARNING}`,
        `models.m.config.headers.x-api-key: ${WARNING}`,
        `api_keys.k.key: ${WARNING}`,
      ],
    );
  });

  test('variables, digests and keys of the simulator are no secrets in the file', () => {
    assert.deepEqual(
      problems(`
admin_key: os.environ/KEY
providers:
  p: { type: OPENAI, keys: { a: os.environ/KEY, b: { key: os.environ/KEY } } }
  off: { type: OPENAI, enabled: false, keys: { a: os.environ/UNSET } }
  mock: { type: MOCK, keys: { a: anything } }
api_keys: { k: { key: "sha256:${'a'.repeat(64)}" } }`),
      [],
    );
  });
});
