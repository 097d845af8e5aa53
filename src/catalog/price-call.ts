import type { TokenUsage } from '../core/token-usage.ts';
import { type Operation, operationFacts } from '../dialects/operation.ts';
import { type Cost, priceUsage } from '../usage/price-usage.ts';
import type { Pricing } from '../usage/pricing.ts';
import type { Catalog, Endpoint } from './catalog.ts';

/** What was used, by which kind of call, and where. */
export interface MeteredCall {
  catalog: Catalog;
  endpoint: Endpoint;
  operation: Operation;
  usage: TokenUsage | null;
}

const FREE: Cost = { total: 0n, reason: undefined, lines: [] };

/** What a call costs at an endpoint by the catalog's prices (MON-5); some operations are free. */
export function priceCall({ catalog, endpoint, operation, usage }: MeteredCall): Cost {
  const { billed, billingKind } = operationFacts(operation);
  if (!billed) return FREE;
  return priceUsage({
    usage,
    pricing: endpoint.billPricing,
    kind: billingKind,
    discountBasisPoints: endpoint.provider.discountBasisPoints,
    pricingOfExtra: ({ model }) => pricingOfSlug(catalog, endpoint, model),
  });
}

/** The price of another model that the same provider used inside a call, where it is configured. */
function pricingOfSlug(
  catalog: Catalog,
  endpoint: Endpoint,
  slug: string | undefined,
): Pricing | null {
  if (slug === undefined || slug === endpoint.slug) return endpoint.billPricing;
  for (const model of catalog.models.values()) {
    const sibling = model.endpoints.find(
      (each) => each.slug === slug && each.provider.name === endpoint.provider.name,
    );
    if (sibling) return sibling.billPricing;
  }
  return null;
}
