import type { Catalog, Endpoint, Model } from './catalog.ts';
import { resolveModel } from './resolve-model.ts';

/** What a ledger line says of the endpoint that served a call. */
export interface BilledPlace {
  model: string;
  provider: string;
  slug: string;
  providerKey: string | undefined;
}

/** The endpoint that would serve such a call by this catalog; null where the config has none. */
export function findBilledEndpoint(catalog: Catalog, place: BilledPlace): Endpoint | null {
  const model = findModel(catalog, place.model);
  // A line names the model that was asked for, also where one of its fallbacks answered.
  for (const each of [model, ...(model?.fallbacks ?? []).map((name) => findModel(catalog, name))]) {
    const served = (each?.endpoints ?? []).filter(
      ({ provider, slug }) => provider.name === place.provider && slug === place.slug,
    );
    const found = served.find(({ key }) => key?.name === place.providerKey) ?? served[0];
    if (found) return found;
  }
  return null;
}

function findModel(catalog: Catalog, name: string): Model | null {
  const exact = catalog.models.get(name);
  if (exact) return exact;
  try {
    return resolveModel(catalog, name).model;
  } catch {
    return null;
  }
}
