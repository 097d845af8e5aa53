import type { EndpointConfig } from '../config/model-schema.ts';
import { compileRules } from '../policies/rules.ts';
import type { CapsSettings } from '../providers/caps-schema.ts';
import { createEndpointId } from '../routing/endpoint-id.ts';
import type {
  Endpoint,
  Model,
  ModelEdits,
  Provider,
  ProviderKey,
  WildcardModel,
} from './catalog.ts';
import type { ModelRecord } from './expand-variants.ts';
import { endpointScope, modelScope } from './model-scopes.ts';
import { type FindListPrice, priceEndpoint } from './price-endpoint.ts';

/** What models are compiled against. */
export interface ModelContext {
  providers: ReadonlyMap<string, Provider>;
  findListPrice: FindListPrice;
}

/** Bound wildcard names kept for reuse; clients choose them, so there is a bound. */
const MAX_BOUND = 1_000;

/** A record as requests meet it. */
export function compileModel(record: ModelRecord, context: ModelContext): Model {
  const { blocks } = record;
  return {
    name: record.name,
    variantOf: record.variantOf,
    kind: blocks.type ?? 'chat',
    capabilities: blocks.capabilities ?? [],
    contextWindow: blocks.context_window ?? null,
    maxOutputTokens: blocks.max_output_tokens ?? null,
    endpoints: record.endpoints.map((endpoint, index) => ({
      index,
      ...compileEndpoint(record, endpoint, context),
    })),
    edits: compileEdits(blocks.config),
    responseModel: blocks.response_model ?? 'upstream',
    fallbacks: blocks.fallbacks ?? [],
    rules: compileRules(modelScope(record), { policies: blocks.policies }),
  };
}

/** A record whose name ends in `*`; its slugs' `*` stands for the same part of the name. */
export function compileWildcard(record: ModelRecord, context: ModelContext): WildcardModel {
  const prefix = record.name.slice(0, -1);
  const bound = new Map<string, Model>();
  const whole = compileModel(record, context);
  return {
    model: whole,
    prefix,
    bind(name) {
      const known = bound.get(name);
      if (known) return known;
      const rest = name.slice(prefix.length);
      const endpoints = record.endpoints.map((endpoint) => ({
        ...endpoint,
        slug: endpoint.slug?.replace('*', () => rest),
      }));
      const model = shareRules(compileModel({ ...record, name, endpoints }, context), whole);
      if (bound.size >= MAX_BOUND) bound.clear();
      bound.set(name, model);
      return model;
    },
  };
}

/** All names of a wildcard count together: else a client could pass a limit by making one up. */
function shareRules(model: Model, { endpoints, rules }: Model): Model {
  return {
    ...model,
    rules,
    endpoints: model.endpoints.map((endpoint) => ({
      ...endpoint,
      rules: endpoints[endpoint.index]?.rules ?? endpoint.rules,
    })),
  };
}

function compileEndpoint(
  record: ModelRecord,
  endpoint: EndpointConfig,
  { providers, findListPrice }: ModelContext,
): Omit<Endpoint, 'index'> {
  const provider = providers.get(endpoint.provider);
  if (provider === undefined) throw new Error(`${record.name} has an unchecked provider`);
  const { type, settings } = provider;
  const slug = endpoint.slug ?? record.name;
  // Every provider type's settings hold the common ones.
  const { caps } = settings as { caps: CapsSettings };
  const key = chooseKey(provider, endpoint.key);
  return {
    id: createEndpointId({ provider: provider.name, slug, key: key?.name ?? null }),
    provider,
    slug,
    key,
    operations: type.operations(settings),
    caps: { ...caps, ...record.blocks.config?.caps, ...endpoint.caps },
    ...priceEndpoint(record, endpoint, () => findListPrice(provider, slug)),
    hints: {
      ttftMs: endpoint.hints.ttft_ms,
      tokensPerSecond: endpoint.hints.tokens_per_second,
    },
    rules: compileRules(endpointScope(record, { endpoint, slug }), {
      policies: endpoint.policies,
    }),
  };
}

/** The key named, else the first that works; a revoked one only where there is no other. */
function chooseKey({ keys }: Provider, name: string | undefined): ProviderKey | null {
  if (name !== undefined) return keys.get(name) ?? null;
  const all = [...keys.values()];
  return all.find(({ revoked }) => !revoked) ?? all[0] ?? null;
}

function compileEdits(edits: ModelRecord['blocks']['config']): ModelEdits {
  return {
    defaults: toJsonTexts(edits?.defaults ?? {}),
    overrides: toJsonTexts(edits?.overrides ?? {}),
    headers: edits?.headers ?? {},
  };
}

function toJsonTexts(fields: Record<string, unknown>): [string, string][] {
  return Object.entries(fields).map(([field, value]) => [field, JSON.stringify(value)]);
}
