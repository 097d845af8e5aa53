import { type Finding, type Path, warning } from '../config/finding.ts';
import type { Config } from '../config/schema.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import type { Catalog, Endpoint } from './catalog.ts';
import { expandVariants, type ModelRecord } from './expand-variants.ts';
import type { ListPrices } from './list-prices.ts';
import { declaredRankPrice } from './price-endpoint.ts';

/** Further apart than any discount or surcharge. */
const FAR = 10n;

const SIDES = [
  ['input', 'input_text'],
  ['output', 'output_text'],
] as const;

/** Prices that are so far from the list's that they must be of another number of tokens (MON-1). */
export function checkListPrices(config: Config, catalog: Catalog, list: ListPrices): Finding[] {
  return expandVariants(config).flatMap((record) => {
    const model = record.variantOf === null ? catalog.models.get(record.name) : undefined;
    return (model?.endpoints ?? []).flatMap((endpoint) => checkEndpoint(record, endpoint, list));
  });
}

function checkEndpoint(record: ModelRecord, endpoint: Endpoint, list: ListPrices): Finding[] {
  const written = record.endpoints[endpoint.index];
  const declared = written && declaredRankPrice(record, written);
  if (declared === undefined || declared === 'none') return [];
  const listed = list.find(endpoint.provider, endpoint.slug)?.base.tokens;
  for (const [side, rate] of SIDES) {
    const own = declared.named[rate];
    const other = listed?.[rate];
    if (!own || !other || !isFar(own, other)) continue;
    const path = [...placeOf(record, endpoint), side, 'text_cost_per_1k_tokens'];
    const slip = own > other ? 'million' : 'token';
    const price = `is USD per 1,000 tokens; the price list says ${formatUsd(other)}`;
    return [warning(path, `${price}: was it per ${slip}?`)];
  }
  return [];
}

function isFar(own: bigint, other: bigint): boolean {
  return own >= other * FAR || other >= own * FAR;
}

function placeOf({ name, endpoints }: ModelRecord, { index }: Endpoint): Path {
  const model: Path = ['models', name];
  const hasOwn = endpoints[index]?.pricing !== undefined;
  return hasOwn ? [...model, 'endpoints', index, 'pricing'] : [...model, 'pricing'];
}
