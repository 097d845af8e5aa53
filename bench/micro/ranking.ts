import { stringify } from 'yaml';
import { offlineView } from '../../src/app/offline-view.ts';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { resolveModel } from '../../src/catalog/resolve-model.ts';
import { type RoutingQuestion, rankCandidates } from '../../src/pipeline/candidates.ts';
import type { RoutingView } from '../../src/pipeline/runtime.ts';
import { createEndpointId } from '../../src/routing/endpoint-id.ts';
import type { PieceGroup } from './piece.ts';

const ENDPOINTS = 10;

/** Resolving a name and ranking its ten endpoints, measured ones, among few models and many (ROU-12). */
export async function createRankingGroup(): Promise<PieceGroup> {
  const few = await viewOf(10);
  const many = await viewOf(10_000);
  return {
    name: 'ranking',
    title: `Ranking of ${ENDPOINTS} endpoints`,
    pieces: [
      { label: 'resolve and rank, 10 models', operations: 1, run: () => rank(few, 'm1:latency') },
      {
        label: 'resolve and rank, 10,000 models',
        operations: 1,
        run: () => rank(many, 'm1:latency'),
      },
      { label: 'balanced, 10 models', operations: 1, run: () => rank(few, 'm1') },
      { label: 'balanced, 10,000 models', operations: 1, run: () => rank(many, 'm1') },
    ],
  };
}

function rank(view: RoutingView, name: string) {
  const resolution = resolveModel(view.catalog, name);
  const question: RoutingQuestion = {
    resolution,
    profile: resolution.profile,
    operation: 'chat',
    size: { inputTokens: 1000, outputTokens: 500 },
    preferences: null,
  };
  return rankCandidates(question, view);
}

async function viewOf(models: number): Promise<RoutingView> {
  const names = Array.from({ length: ENDPOINTS }, (_, index) => `p${index}`);
  const endpoints = names.map((provider, index) => ({
    provider,
    slug: 's',
    pricing: {
      input: { text_cost_per_1k_tokens: (index + 1) / 1000 },
      output: { text_cost_per_1k_tokens: (ENDPOINTS - index) / 1000 },
    },
  }));
  const config = {
    providers: Object.fromEntries(names.map((name) => [name, { type: 'MOCK' }])),
    models: Object.fromEntries(
      Array.from({ length: models }, (_, index) => [
        `m${index}`,
        index === 1 ? { endpoints } : { provider: 'p0', slug: 's', pricing: 'none' },
      ]),
    ),
  };
  const { source } = await loadCatalog({ text: stringify(config), environment: {} });
  if (source === null) throw new Error('The config of the ranking benchmark is not valid');
  const view = offlineView(source);
  for (const [index, provider] of names.entries()) measure(view, provider, index);
  return view;
}

/** As many samples as the window holds, so that its median is as dear as it gets. */
function measure(view: RoutingView, provider: string, index: number): void {
  const stats = view.routing.stats(createEndpointId({ provider, slug: 's', key: null }));
  for (let sample = 0; sample < 600; sample += 1) {
    const ttftMs = 100 + ((sample * 7919 + index * 31) % 400);
    stats.record(
      { succeeded: true, ttftMs, outputTokens: 100, generationMs: 1000 + index },
      view.clock.monotonicMs(),
    );
  }
}
