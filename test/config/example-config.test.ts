import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { resolveModel } from '../../src/catalog/resolve-model.ts';
import { createJsonSchema } from '../../src/config/json-schema.ts';
import { providerTypes } from '../../src/providers/index.ts';
import { DIALECT_OPERATIONS } from '../../src/providers/provider-settings.ts';
import { propertyNames } from './property-names.ts';

const text = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8');
const { catalog, config, problems } = await loadCatalog({ text, environment: {} });

describe('config.example.yaml', () => {
  test('it has neither errors nor warnings, and needs no environment (CFG-9, CLI-3)', () => {
    assert.deepEqual(problems, []);
    assert.deepEqual(
      new Set(Object.values(config?.providers ?? {}).map(({ type }) => type)),
      new Set(['MOCK']),
    );
    assert.equal(config?.server.port, 4356);
    assert.equal(catalog?.apiKeys, null);
  });

  test('its first line is for editors (CLI-10)', () => {
    assert.equal(text.split('\n')[0], '# yaml-language-server: $schema=./signalbox.schema.json');
  });

  test('it shows every key of the schema, every provider type and every dialect', () => {
    const keys = [...propertyNames(createJsonSchema())].map((name) => `${name}:`);
    const words = [...keys, ...Object.keys(providerTypes), ...Object.keys(DIALECT_OPERATIONS)];
    assert.deepEqual(
      words.filter((word) => !text.includes(word)),
      [],
    );
  });

  test('the models and aliases of the documentation resolve (RES-1)', () => {
    assert.ok(catalog);
    const names = {
      'anthropic/claude-sonnet-4.6:cost': 'anthropic/claude-sonnet-4.6',
      'openai/gpt-4o:latency': 'openai/gpt-4o',
      'moonshotai/kimi-k2.6:discount': 'moonshotai/kimi-k2.6',
      'gpt-4.1-clientA': 'gpt-4.1-clientA',
      'gpt-4': 'gpt-4o',
      claude: 'claude-sonnet-4-20250514',
      gemini: 'gemini-2.5-flash',
      fast: 'gemini-2.5-flash',
      smart: 'claude-sonnet-4-20250514',
    };
    for (const [requested, name] of Object.entries(names)) {
      assert.equal(resolveModel(catalog, requested).model.name, name);
    }
  });

  test('every model has a price (MON-4)', () => {
    const unpriced = [...(catalog?.models.values() ?? [])].filter(({ endpoints }) =>
      endpoints.some(({ billPricing, rankPricing }) => !billPricing || !rankPricing),
    );
    assert.deepEqual(unpriced, []);
  });
});
