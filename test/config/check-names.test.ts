import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SUFFIXES } from '../../src/routing/profiles.ts';
import { problemsOf } from './problems-of.ts';

const PROVIDERS = 'providers: { p: { type: MOCK } }\n';

function problemsWith(addition: string): string[] {
  return problemsOf(PROVIDERS + addition).map((problem) => problem.replace(/^\S+ /, ''));
}

describe('checkNames', () => {
  for (const suffix of SUFFIXES) {
    test(`:${suffix} cannot end a model, a variant or an alias (CFG-8)`, () => {
      const message = `a name cannot end in the suffix \`:${suffix}\``;
      assert.deepEqual(
        problemsWith(`
models: { m: { provider: p }, "m:${suffix}": { provider: p } }
variants: { "v:${suffix}": { model: m } }
model_alias: { "a:${suffix}": m }`),
        [
          `models.m:${suffix}: ${message}`,
          `variants.v:${suffix}: ${message}`,
          `model_alias.a:${suffix}: ${message}`,
        ],
      );
    });
  }

  test('other colons are part of a name (RES-3)', () => {
    assert.deepEqual(
      problemsWith(
        'models: { "llama3:8b": { provider: p }, "x:free": { provider: p }, "y:Cost": { provider: p } }',
      ),
      [],
    );
  });

  test('a slug may end in anything (CFG-8)', () => {
    assert.deepEqual(problemsWith('models: { m: { provider: p, slug: "m:cost" } }'), []);
  });

  test('a variant cannot have the name of a model (CFG-1)', () => {
    assert.deepEqual(
      problemsWith('models: { m: { provider: p } }\nvariants: { m: { model: m } }'),
      ['variants.m: a model has this name already'],
    );
  });

  test('an empty name is an error', () => {
    assert.deepEqual(problemsWith('models: { "": { provider: p } }'), [
      'models.: a name must not be empty',
    ]);
  });

  const wildcards: Record<string, string> = {
    '"a*b": { provider: p }': 'models.a*b: a wildcard is one `*` at the end of the name',
    '"a**": { provider: p }': 'models.a**: a wildcard is one `*` at the end of the name',
    '"a*": { provider: p, slug: "*-*" }': 'models.a*.slug: a slug can hold one `*`',
    'a: { provider: p, slug: "a*" }':
      'models.a.slug: a slug can hold `*` only where the name of its model ends in one',
  };
  for (const [model, problem] of Object.entries(wildcards)) {
    test(`${model} is an error`, () => {
      assert.deepEqual(problemsWith(`models: { ${model} }`), [problem]);
    });
  }

  test('a wildcard may send a fixed slug, and its slug may hold the star anywhere', () => {
    assert.deepEqual(
      problemsWith(
        'models: { "*": { provider: p, slug: x }, "a/*": { provider: p, slug: "b-*-c" } }',
      ),
      [],
    );
  });

  test('a variant cannot be a wildcard', () => {
    const problems = problemsWith(
      'models: { m: { provider: p } }\nvariants: { "v*": { model: m } }',
    );
    assert.deepEqual(problems, ['variants.v*: only models can be wildcards']);
  });
});
