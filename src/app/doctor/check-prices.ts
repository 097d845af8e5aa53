import { describePriceList } from '../../usage/describe-price-list.ts';
import type { PriceListFacts } from '../../usage/price-list.ts';
import { type Diagnosis, ok } from './diagnosis.ts';

const DAY_MS = 86_400_000;

/** After that much has been added that a list does not know. */
const OLD_DAYS = 90;

/** Says which price list is asked, and how old it is; an old one is right for the models that it knows. */
export function checkPrices(facts: PriceListFacts, nowMs: number): Diagnosis {
  const days = Math.floor((nowMs - Date.parse(facts.asOf)) / DAY_MS);
  const update = days > OLD_DAYS ? '; `signalbox prices update` fetches a newer one' : '';
  const age = days === 1 ? '1 day old' : `${Math.max(0, days)} days old`;
  return ok('prices', `${describePriceList(facts)}, ${age}${update}`);
}
