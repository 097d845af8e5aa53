import type { PriceListFacts } from './price-list.ts';

/** Which price list is asked, as a part of a sentence. */
export function describePriceList({ source, asOf, ignored }: PriceListFacts): string {
  const reason = ignored === null ? '' : `; the fetched one is not used: ${ignored}`;
  return `the ${source} list of ${asOf.slice(0, 10)}${reason}`;
}
