import { loadPriceList, type PriceListFacts } from '../usage/price-list.ts';
import type { FindListPrice } from './price-endpoint.ts';

/** The bundled list's prices as they stand at one moment. */
export interface ListPrices {
  find: FindListPrice;
  /** When the first of the prices that were found changes, in milliseconds since the epoch; null = not foreseen. */
  changeAt(): number | null;
}

/** The prices at a moment, given in milliseconds since the epoch. */
export type ListPricesAt = (at: number) => ListPrices;

/** A list that can be asked for the prices of any moment. */
export interface DatedListPrices {
  at: ListPricesAt;
  /** Null where no list is needed. */
  facts: PriceListFacts | null;
}

/** For configs that say every price themselves. */
export const noListPrices: DatedListPrices = {
  at: () => ({ find: () => null, changeAt: () => null }),
  facts: null,
};

/** Loads the bundled list, or a newer one from the text of the file in which it was fetched. */
export async function loadListPrices(fetched?: string): Promise<DatedListPrices> {
  const list = await loadPriceList(fetched);
  const at: ListPricesAt = (moment) => {
    let earliest: number | null = null;
    return {
      find({ type, baseUrl }, slug) {
        const provider = type.priceListProvider;
        const found = list.find({ provider, baseUrl, slug, at: moment });
        const changesAt = found?.changesAt ?? null;
        if (changesAt !== null) earliest = Math.min(earliest ?? changesAt, changesAt);
        return found?.pricing ?? null;
      },
      changeAt: () => earliest,
    };
  };
  return { at, facts: list.facts };
}
