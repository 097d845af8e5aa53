import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemsOf } from './problems-of.ts';

const MODELS = `
providers: { p: { type: MOCK } }
models: { gpt-4o: { provider: p }, gpt-4: { provider: p }, vendor/*: { provider: p } }
`;

function warningsFor(aliases: string): string[] {
  const problems = problemsOf(`${MODELS}model_alias: { ${aliases} }`);
  return problems.map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkAliases (CFG-10, RES-2)', () => {
  const warnings: Record<string, string> = {
    'self: self': 'model_alias.self: warning: points to itself and is ignored',
    'gpt-4: gpt-4': 'model_alias.gpt-4: warning: points to itself and is ignored',
    'gpt-4: gpt-4o': 'model_alias.gpt-4: warning: hides the model of the same name',
    'a: gpt-4oo': 'model_alias.a: warning: no model has the name `gpt-4oo`; did you mean `gpt-4o`?',
    'a: gpt-4o:fast': 'model_alias.a: warning: no model has the name `gpt-4o:fast`',
    'b: gpt-4o, a: b': 'model_alias.a: warning: `b` is an alias, and aliases are one level deep',
    'b: gpt-4o, a: b:cost':
      'model_alias.a: warning: `b:cost` is an alias, and aliases are one level deep',
  };
  for (const [aliases, warning] of Object.entries(warnings)) {
    test(`{ ${aliases} } is warned of`, () => assert.deepEqual(warningsFor(aliases), [warning]));
  }

  test('targets with a suffix, and targets that a wildcard serves, are fine', () => {
    assert.deepEqual(
      warningsFor('a: "gpt-4o:cost", b: "gpt-4o:discount", c: vendor/x, d: "vendor/x:cost"'),
      [],
    );
  });

  test('an empty name or target is told as such, once', () => {
    assert.deepEqual(problemsOf('model_alias: { "": m, a: "" }'), [
      '1:16 model_alias.: a name must not be empty',
      '1:20 model_alias.: warning: no model has the name `m`',
      '1:26 model_alias.a: must not be empty',
    ]);
  });
});
