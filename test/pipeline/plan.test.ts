import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { offlineView } from '../../src/app/offline-view.ts';
import type { Model } from '../../src/catalog/catalog.ts';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { resolveModel } from '../../src/catalog/resolve-model.ts';
import { GatewayError } from '../../src/core/gateway-error.ts';
import { planAttempts } from '../../src/pipeline/plan.ts';
import type { RoutingView } from '../../src/pipeline/runtime.ts';

const { source } = await loadCatalog({
  environment: {},
  text: `
providers:
  rented-1: { type: MOCK }
  rented-2: { type: MOCK }
  own-1: { type: MOCK, byok: true }
  own-2: { type: MOCK, byok: true }
models:
  m:
    endpoints:
      - { provider: rented-1, slug: s }
      - { provider: own-1, slug: s }
      - { provider: rented-2, slug: s }
      - { provider: own-2, slug: s }
    fallbacks: [secret, other]
  secret: { provider: own-1 }
  other:
    endpoints:
      - { provider: own-1, slug: s }
      - { provider: own-2, slug: larger }
  alone: { provider: own-1 }
`,
});
assert.ok(source);
const config = source;

/** What becomes of the attempts of a call. */
interface Course {
  /** True where a limit refuses the endpoint, which was planned so often before. */
  isRefused?: (provider: string, times: number) => boolean;
  /** Told of each attempt that is made; all of them fail. */
  attempted?: (provider: string, view: RoutingView) => void;
}

/** Every attempt that is planned for a chat, as `model@provider`. */
function planOf(name: string, { isRefused = () => false, attempted }: Course = {}): string[] {
  const view = offlineView(config);
  const resolution = resolveModel(view.catalog, name);
  const { profile } = resolution;
  const size = { inputTokens: 1, outputTokens: 1 };
  const question = { resolution, profile, operation: 'chat', size, preferences: null } as const;
  const plan = planAttempts(question, checkModel, view);
  const planned: string[] = [];
  const timesOf = new Map<string, number>();
  for (let turn = plan.next(false); !turn.done; ) {
    const { name: provider } = turn.value.endpoint.provider;
    const times = timesOf.get(provider) ?? 0;
    timesOf.set(provider, times + 1);
    planned.push(`${turn.value.resolution.model.name}@${provider}`);
    const refused = isRefused(provider, times);
    if (!refused) attempted?.(provider, view);
    turn = plan.next(refused);
  }
  return planned;
}

function checkModel({ name }: Model): void {
  if (name === 'secret') throw new GatewayError('model_not_allowed', 'It is not granted.');
}

describe('planAttempts', () => {
  test('the tiers come one after the other, each in its order', () => {
    const planned = planOf('m').slice(0, 4);
    assert.deepEqual(planned, ['m@own-1', 'm@own-2', 'm@rented-1', 'm@rented-2']);
  });

  test('a fallback is not asked where the model was tried, and one that is not granted nowhere', () => {
    assert.deepEqual(planOf('m').slice(4), ['other@own-2']);
  });

  test('an endpoint that a limit refuses comes again behind its tier, and for a fallback', () => {
    const isRefused = (provider: string) => provider === 'own-1';
    assert.deepEqual(planOf('m', { isRefused }), [
      'm@own-1',
      'm@own-2',
      'm@own-1',
      'm@rented-1',
      'm@rented-2',
      'other@own-1',
      'other@own-2',
      'other@own-1',
    ]);
  });

  test('an endpoint that had room the second time was tried', () => {
    const isRefused = (provider: string, times: number) => provider === 'own-1' && times === 0;
    const planned = planOf('m', { isRefused });
    assert.deepEqual(planned.slice(0, 3), ['m@own-1', 'm@own-2', 'm@own-1']);
    assert.deepEqual(planned.slice(5), ['other@own-2']);
  });

  test('an only endpoint that a limit refuses does not come again', () => {
    assert.deepEqual(planOf('alone', { isRefused: () => true }), ['alone@own-1']);
  });

  test('an endpoint that wants to be left alone meanwhile lets the rest of its tier pass (ROU-2)', () => {
    const attempted = (provider: string, { catalog, clock, routing }: RoutingView) => {
      const [rented] = catalog.models.get('m')?.endpoints ?? [];
      assert.ok(rented);
      if (provider === 'own-2') routing.circuit(rented.id).wait(clock.monotonicMs(), 60_000);
    };
    const planned = planOf('m', { attempted });
    assert.deepEqual(planned.slice(2, 4), ['m@rented-2', 'm@rented-1']);
  });

  test('a pinned call has no fallback', () => {
    assert.deepEqual(planOf('own-1:m'), ['m@own-1']);
  });
});

describe('selectCandidates: nothing left (ROU-1)', () => {
  test('ROU-1: each reason is told of its own providers', async () => {
    const { source: closed } = await loadCatalog({
      environment: {},
      text: `
providers:
  off: { type: MOCK, enabled: false }
  old: { type: MOCK, keys: { a: { key: x, revoked: true } } }
models: { m: { endpoints: [{ provider: old }, { provider: off }], pricing: none } }`,
    });
    assert.ok(closed);
    const view = offlineView(closed);
    const question = {
      resolution: resolveModel(view.catalog, 'm'),
      profile: 'balanced' as const,
      operation: 'chat' as const,
      size: { inputTokens: 1, outputTokens: 1 },
      preferences: null,
    };
    assert.throws(() => planAttempts(question, () => {}, view).next(false), {
      code: 'provider_disabled',
      message:
        'Model `m` is served by `off`, which is disabled; set `enabled: true` there. The provider key for model `m` (`old`) is revoked; name another one.',
    });
  });
});
