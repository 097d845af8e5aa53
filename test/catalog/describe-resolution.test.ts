import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeResolution } from '../../src/catalog/describe-resolution.ts';
import { resolveModel } from '../../src/catalog/resolve-model.ts';
import { catalogOf } from './catalog-of.ts';
import { GOLDEN_CONFIG } from './golden-table.ts';

const golden = await catalogOf(GOLDEN_CONFIG);

describe('describeResolution (CLI-4)', () => {
  const sentences: Record<string, string[]> = {
    'gpt-4o': ['`gpt-4o` is a model.', '`gpt-4o` is routed by the `balanced` profile.'],
    'fast:cost': [
      '`fast:cost` is `fast` with the suffix `:cost`.',
      '`fast` is an alias of `gpt-4o:latency`.',
      '`gpt-4o` is a model.',
      '`gpt-4o` is routed by the `cost` profile.',
    ],
    'gpt-4o-clientA': [
      '`gpt-4o-clientA` is a variant of the model `gpt-4o`.',
      '`gpt-4o-clientA` is routed by the `balanced` profile.',
    ],
    'openai:gpt-4o': [
      '`openai:gpt-4o` asks for provider `openai` only.',
      '`gpt-4o` is a model.',
      '`gpt-4o` is routed by the `balanced` profile.',
    ],
    'moonshotai/kimi-k2.6:discount': [
      '`moonshotai/kimi-k2.6:discount` is `moonshotai/kimi-k2.6` with the suffix `:discount`.',
      '`moonshotai/kimi-k2.6` is a model.',
      'Only endpoints of self-hosted providers are left (`:discount`).',
    ],
  };
  for (const [requested, steps] of Object.entries(sentences)) {
    test(`the steps of \`${requested}\``, () => {
      assert.deepEqual(describeResolution(golden, resolveModel(golden, requested)), steps);
    });
  }

  test('a wildcard is named', async () => {
    const catalog = await catalogOf(
      'providers: { p: { type: MOCK } }\nmodels: { "x/*": { provider: p } }',
    );
    const [step] = describeResolution(catalog, resolveModel(catalog, 'x/y'));
    assert.equal(step, '`x/y` is served by the wildcard model `x/*`.');
  });
});
