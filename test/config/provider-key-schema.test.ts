import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { configOf, problemsOf } from './problems-of.ts';

const ENVELOPE = {
  v: 1,
  alg: 'RSA-OAEP-256/A256GCM',
  keyId: 'rsa-1',
  wrappedKey: Buffer.alloc(256, 7).toString('base64'),
  iv: Buffer.alloc(12, 7).toString('base64'),
  ciphertext: Buffer.alloc(40, 7).toString('base64'),
};
const ONE_LINE = JSON.stringify(ENVELOPE);

const withKey = (key: string) => `providers: { p: { type: OPENAI, keys: { a: ${key} } } }`;
const problems = (key: string, variables = {}) =>
  problemsOf(withKey(key), variables).map((line) => line.replace(/^\S+ providers\.p\.keys\./, ''));

describe('a provider key (SEC-5)', () => {
  test('may be an envelope: a map, text in one line, or a variable that holds it', () => {
    for (const key of [ONE_LINE, `{ key: ${ONE_LINE} }`, `'${ONE_LINE}'`, 'os.environ/SEALED']) {
      const config = configOf(withKey(key), { SEALED: ONE_LINE });
      const secret = config.providers['p']?.keys['a']?.key;
      assert.equal(`${secret}`, 'encrypted (rsa-1)', key);
      assert.equal(JSON.stringify(secret), '"encrypted (rsa-1)"');
      assert.equal(inspect(secret), 'SealedSecret(encrypted (rsa-1))');
      assert.deepEqual(problems(key, { SEALED: ONE_LINE }), [], 'nothing to warn of');
    }
  });

  test('that is half an envelope is told what is missing, in terms of what was meant', () => {
    const { iv, ...rest } = ENVELOPE;
    assert.deepEqual(problems(JSON.stringify({ ...rest, iw: iv })), [
      'a.iv: is required: expected text',
      'a.iw: unknown key `iw`; did you mean `iv`?',
    ]);
    assert.deepEqual(problems(JSON.stringify({ ...ENVELOPE, iv: 'AAAA' })), [
      'a.iv: is not the base64 that belongs here',
    ]);
    assert.deepEqual(problems(`'{"v":1}'`), [
      'a: is not an envelope as `signalbox keys encrypt` prints it',
    ]);
    assert.deepEqual(problems('{ key: os.environ/K, revokd: true }', { K: 'sk' }), [
      'a.revokd: unknown key `revokd`; did you mean `revoked`?',
    ]);
  });

  test('SEC-4: cannot hold a line break, which many secret stores add', () => {
    const variables = { K: 'sk-canary-0001\n' };
    assert.deepEqual(problems('os.environ/K', variables), [
      'a: holds a line break or control character',
    ]);
  });
});
