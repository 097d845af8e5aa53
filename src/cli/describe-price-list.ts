import type { PriceListFacts } from '../usage/price-list.ts';

/** Which price list is asked, in a sentence. */
export function describePriceList({ source, asOf, ignored }: PriceListFacts): string {
  const day = asOf.slice(0, 10);
  const list = source === 'bundled' ? 'the bundled list' : 'the fetched list';
  const reason = ignored === null ? '' : `; the fetched one is not used: ${ignored}`;
  return `prices: ${list} of ${day}${reason}`;
}
