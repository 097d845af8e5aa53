import { loadPriceList } from '../usage/price-list.ts';
import type { FindListPrice } from './price-endpoint.ts';

/** The bundled list's names for providers whose URL may be a company's own gateway. */
const LIST_PROVIDERS: Readonly<Record<string, string>> = {
  OPENAI: 'openai',
  ANTHROPIC: 'anthropic',
  GOOGLE: 'google',
  AZURE_OPENAI: 'azure',
};

/** For configs that say every price themselves. */
export const noListPrices: FindListPrice = () => null;

/** Loads the bundled list, with its prices as of the moment given in milliseconds since the epoch. */
export async function loadListPrices(at: number): Promise<FindListPrice> {
  const list = await loadPriceList();
  return ({ type, baseUrl }, slug) => {
    const provider = LIST_PROVIDERS[type.id] ?? null;
    return list.find({ provider, baseUrl, slug, at })?.pricing ?? null;
  };
}
