import { OPERATION_NAMES } from '../dialects/operation.ts';
import type { FieldList } from '../usage/field-list.ts';
import { replaceCost } from '../usage/ledger-line.ts';
import type { LedgerEntry } from '../usage/ledger-reader.ts';
import type { Cost } from '../usage/price-usage.ts';
import { readTokenUsage } from '../usage/read-token-usage.ts';
import type { Catalog } from './catalog.ts';
import { type BilledPlace, findBilledEndpoint } from './find-billed-endpoint.ts';
import { priceCall } from './price-call.ts';

/** A call with its recorded cost and the one of today's prices. */
export interface RepricedCall {
  model: string | null;
  before: bigint | null;
  after: bigint | null;
  /** The config has no such model at that provider any more: the recorded cost stays. */
  isGone: boolean;
  /** The line with the cost of today; null where it is not laid out as Signalbox writes it. */
  rewrite(): string | null;
}

/** Prices lines anew, from what they say was used, by the catalog's prices (CLI-6). */
export function createLineRepricer(
  catalog: Catalog,
  fields: FieldList,
): (entry: LedgerEntry) => RepricedCall {
  const model = fields.place('model');
  const provider = fields.place('provider');
  const slug = fields.place('slug');
  const providerKey = fields.place('provider_key');
  const operation = fields.place('operation');
  const tokens = fields.place('tokens');
  const units = fields.place('units');
  const extra = fields.place('extra');
  const cost = fields.place('cost_nanos_usd');
  const reason = fields.place('cost_reason');
  const billing = fields.place('billing');

  const readPlace = (entry: LedgerEntry): BilledPlace => ({
    model: entry.text(model) ?? '',
    provider: entry.text(provider) ?? '',
    slug: entry.text(slug) ?? '',
    providerKey: entry.text(providerKey),
  });

  /** Undefined where there is nothing to price: no attempt, or nothing known of its usage. */
  const price = (entry: LedgerEntry): Cost | null | undefined => {
    const usage = readTokenUsage({
      tokens: entry.value(tokens),
      units: entry.value(units),
      extra: entry.value(extra),
    });
    const name = OPERATION_NAMES.find((each) => each === entry.text(operation));
    if (usage === null || name === undefined) return undefined;
    const endpoint = findBilledEndpoint(catalog, readPlace(entry));
    return endpoint && priceCall({ catalog, endpoint, operation: name, usage });
  };

  return (entry) => {
    const before = entry.integer(cost) ?? null;
    const found = price(entry);
    return {
      model: entry.text(model) ?? null,
      before,
      after: found ? found.total : before,
      isGone: found === null,
      rewrite() {
        if (!found) return entry.line();
        const written = { cost: entry.raw(cost), reason: entry.raw(reason) };
        return replaceCost(entry.line(), { ...written, billing: entry.raw(billing) }, found);
      },
    };
  };
}
