import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configOf, problemsOf } from './problems-of.ts';

const fileOf = (keys: string) =>
  `providers: { p: { type: MOCK, keys: { ${keys} } } }\nmodels: { m: { provider: p } }`;

describe('checkOrder (CFG-1)', () => {
  test('a whole number as a name is refused where it would become the default in place of another', () => {
    assert.deepEqual(problemsOf(fileOf('prod: a, "2024": b')), [
      '1:48 providers.p.keys.2024: would count before `prod`, as whole numbers are sorted first: write them first in their order, or add a letter to the name',
    ]);
    const models = 'providers: { p: { type: MOCK } }\nmodels:\n  10: &m { provider: p }\n  9: *m\n';
    assert.match(problemsOf(models).join(), /^4:3 models\.9: would count before `10`/);
  });

  test('whole numbers that stand first in their order are names like others', () => {
    const config = configOf(fileOf('2: a, 10: b, prod: c, "007": d'));
    assert.deepEqual(Object.keys(config.providers['p']?.keys ?? {}), ['2', '10', 'prod', '007']);
  });
});
