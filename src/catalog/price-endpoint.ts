import type { EndpointConfig, PricingConfig } from '../config/model-schema.ts';
import { compilePricing, type Pricing } from '../usage/pricing.ts';
import type { Provider } from './catalog.ts';
import type { ModelRecord } from './expand-variants.ts';

/** Asks the bundled price list; null where it does not know the model. */
export type FindListPrice = (provider: Provider, slug: string) => Pricing | null;

/** What an endpoint costs (MON-5): `none` anywhere ends the search, and so does a price. */
export function priceEndpoint(
  record: ModelRecord,
  endpoint: EndpointConfig,
  findListPrice: () => Pricing | null,
): { rankPricing: Pricing | null; billPricing: Pricing | null } {
  const declared = declaredRankPrice(record, endpoint);
  const own = declaredPrice(record.variantPricing);
  const rankPricing = declared === undefined ? findListPrice() : toPricing(declared);
  return { rankPricing, billPricing: own === undefined ? rankPricing : toPricing(own) };
}

/** The price that ranks an endpoint as the file says it; undefined = the file says none. */
export function declaredRankPrice(
  record: ModelRecord,
  endpoint: EndpointConfig,
): PricingConfig | undefined {
  return declaredPrice(endpoint.pricing, record.pricing);
}

/** The price that bills calls to an endpoint as the file says it; undefined = the file says none. */
export function declaredBillPrice(
  record: ModelRecord,
  endpoint: EndpointConfig,
): PricingConfig | undefined {
  return declaredPrice(record.variantPricing, endpoint.pricing, record.pricing);
}

function declaredPrice(...blocks: (PricingConfig | undefined)[]): PricingConfig | undefined {
  return blocks.find((block) => block !== undefined && !isEmpty(block));
}

/** `pricing: {}` names no price, which is not the same as a price of 0. */
function isEmpty(block: PricingConfig): boolean {
  return block !== 'none' && block.tiers.length === 0 && Object.keys(block.named).length === 0;
}

function toPricing(block: PricingConfig): Pricing | null {
  return block === 'none' ? null : compilePricing(block, 'config');
}
