import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listChanges } from '../../src/app/list-changes.ts';
import { configOf } from '../config/problems-of.ts';

const BEFORE = `
server: { max_body: 1mb }
providers:
  a: { type: OPENAI, keys: { main: sk-canary-00-aaaa-1111, other: sk-canary-2 } }
  b: { type: MOCK }
models:
  m: { provider: a, pricing: { input: { text_cost_per_1k_tokens: 0.001 } } }
  n: { provider: b, pricing: none }
model_alias: { x: m }
api_keys: { ana: { key: sb-canary-1, models: [m] } }`;

const AFTER = `
server: { max_body: 2mb }
providers:
  a: { type: OPENAI, keys: { main: sk-canary-99-aaaa-1111, third: sk-canary-3 } }
  c: { type: MOCK }
models:
  m: { provider: a, pricing: { input: { text_cost_per_1k_tokens: 0.002 } } }
  n: { provider: c, slug: big, pricing: none }
model_alias: { x: n }
api_keys: { ana: { key: sb-canary-2, models: [m, n] } }`;

describe('listChanges (REL-2)', () => {
  test('names what was added, changed and removed, and shows no value', () => {
    const changes = listChanges(configOf(BEFORE), configOf(AFTER));
    assert.deepEqual(changes, {
      added: ['providers.a.keys.third', 'providers.c', 'models.n.slug'],
      changed: [
        'server.max_body',
        'providers.a.keys.main.key',
        'models.m.pricing',
        'models.n.provider',
        'model_alias.x',
        'api_keys.ana.key',
        'api_keys.ana.models',
      ],
      removed: ['providers.a.keys.other', 'providers.b'],
    });
    assert.ok(!JSON.stringify(changes).includes('canary'));
  });

  test('sees nothing where only the text differs', () => {
    const { added, changed, removed } = listChanges(configOf(BEFORE), configOf(`# same${BEFORE}`));
    assert.deepEqual([...added, ...changed, ...removed], []);
  });
});
