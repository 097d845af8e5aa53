import type {
  EndpointConfig,
  ModelConfig,
  PricingConfig,
  VariantConfig,
} from '../config/model-schema.ts';
import type { Config } from '../config/schema.ts';

/** A model or variant with everything that it inherits. */
export interface ModelRecord {
  name: string;
  variantOf: string | null;
  blocks: Omit<ModelConfig, 'provider' | 'slug' | 'key' | 'endpoints' | 'pricing'>;
  endpoints: readonly EndpointConfig[];
  /** The model's own price; for a variant its model's. */
  pricing: PricingConfig | undefined;
  /** A variant's own price, which bills its calls and leaves the ranking alone (MON-5). */
  variantPricing: PricingConfig | undefined;
}

/** Models, then variants, in the order declared. */
export function expandVariants({ models, variants }: Config): ModelRecord[] {
  const records = new Map(
    Object.entries(models).map(([name, model]) => [name, toRecord(name, model)]),
  );
  const expanded = Object.entries(variants).map(([name, variant]) => {
    const base = records.get(variant.model);
    if (base === undefined) throw new Error(`Variant ${name} was not checked against the models`);
    return expandVariant(name, variant, base);
  });
  return [...records.values(), ...expanded];
}

function toRecord(name: string, model: ModelConfig): ModelRecord {
  const { provider, slug, key, endpoints, pricing, ...blocks } = model;
  return {
    name,
    variantOf: null,
    blocks,
    endpoints: (endpoints ?? shortForm(model)).map((endpoint) => ({
      ...endpoint,
      slug: endpoint.slug ?? name,
    })),
    pricing,
    variantPricing: undefined,
  };
}

function shortForm({ provider, slug, key }: ModelConfig): EndpointConfig[] {
  return provider === undefined ? [] : [{ provider, slug, key, hints: {}, caps: {} }];
}

/** A block that the variant names replaces the model's whole block (CFG-6). */
function expandVariant(name: string, variant: VariantConfig, base: ModelRecord): ModelRecord {
  const { model, ...own } = variant;
  const { blocks } = toRecord(name, own);
  return {
    name,
    variantOf: model,
    blocks: { ...base.blocks, ...withoutUndefined(blocks) },
    endpoints: variantEndpoints(variant, base),
    pricing: base.pricing,
    variantPricing: variant.pricing,
  };
}

/**
 * `provider` and `slug` change the one endpoint of the model. `key` changes every endpoint: the
 * config check has made sure that each of their providers has a key of that name.
 */
function variantEndpoints(variant: VariantConfig, base: ModelRecord): readonly EndpointConfig[] {
  const { provider, slug, key, endpoints, model } = variant;
  if (endpoints) {
    return endpoints.map((endpoint) => ({ ...endpoint, slug: endpoint.slug ?? model }));
  }
  return base.endpoints.map((endpoint) => {
    const moved = provider !== undefined && provider !== endpoint.provider;
    // Price, hints and key belong to the provider that the variant leaves.
    const kept = moved ? { provider, slug: endpoint.slug, hints: {}, caps: {} } : endpoint;
    return { ...kept, ...withoutUndefined({ slug, key }) };
  });
}

function withoutUndefined<Block extends object>(block: Block): Partial<Block> {
  return Object.fromEntries(
    Object.entries(block).filter(([, value]) => value !== undefined),
  ) as Partial<Block>;
}
