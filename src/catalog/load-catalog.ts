import { setImmediate as otherCalls } from 'node:timers/promises';
import type { Environment } from '../config/env.ts';
import { compareProblems, type Finding, type Problem } from '../config/finding.ts';
import { loadConfig } from '../config/load.ts';
import { parseYaml } from '../config/parse-yaml.ts';
import type { Config } from '../config/schema.ts';
import { systemClock } from '../core/clock.ts';
import type { PriceListFacts } from '../usage/price-list.ts';
import type { Catalog } from './catalog.ts';
import { checkCatalog } from './check-catalog.ts';
import { checkEnvelopes } from './check-envelopes.ts';
import { checkListPrices } from './check-list-prices.ts';
import { checkOmissions } from './check-omissions.ts';
import { type CatalogSource, compileCatalog } from './compile.ts';
import type { MockUrls } from './compile-providers.ts';
import { expandVariants } from './expand-variants.ts';
import { loadListPrices, noListPrices } from './list-prices.ts';
import { declaredRankPrice } from './price-endpoint.ts';

/** What a catalog is loaded from. */
export interface CatalogInput {
  /** The config file's text. */
  text: string;
  /** Default: this process's. */
  environment?: Environment | undefined;
  /** Default: none, and a placeholder in their place, which is enough to look at the catalog. */
  mockUrls?: MockUrls | undefined;
  /** When list prices are looked up, in milliseconds since the epoch. Default: now. */
  at?: number | undefined;
  /** The text of a fetched price list, read only if some price is not in the config. Default: none. */
  readPrices?: (() => Promise<string | undefined>) | undefined;
  /** Hold declared prices against the list even where no model asks it, which loads it. Default: no. */
  comparesPrices?: boolean | undefined;
}

/** All that there is to say about a config file, and the catalog if it can be used. */
export interface LoadedCatalog {
  /** Null when a problem is an error; so are the other two. */
  catalog: Catalog | null;
  config: Config | null;
  /** To compile the same config again, such as with the URLs of simulators started for it. */
  source: CatalogSource | null;
  /** In the order of the file. */
  problems: Problem[];
  /** Which price list was asked; null where none was. */
  priceList: PriceListFacts | null;
  /** Places findings that others make about this config. */
  place(findings: readonly Finding[]): Problem[];
}

/**
 * Loads, checks and compiles a config; what `check` says is what the proxy starts by. Calls that are served
 * meanwhile go on between the steps.
 */
export async function loadCatalog(input: CatalogInput): Promise<LoadedCatalog> {
  const yaml = parseYaml(input.text);
  await otherCalls();
  const loaded = loadConfig(input.text, input.environment, yaml);
  const { config, configHash, problems, place } = loaded;
  const unusable = { catalog: null, config: null, source: null, place };
  if (config === null) return { ...unusable, problems, priceList: null };
  const needsList = needsListPrices(config);
  const prices =
    needsList || input.comparesPrices
      ? await loadListPrices(await input.readPrices?.())
      : noListPrices;
  const source: CatalogSource = {
    config,
    configHash,
    listPricesAt: prices.at,
    at: input.at ?? systemClock.now(),
    mockUrls: input.mockUrls ?? new Map(),
  };
  await otherCalls();
  const catalog = compileCatalog(source);
  await otherCalls();
  const findings = [
    ...checkOmissions(config),
    ...checkCatalog(config, catalog),
    ...checkListPrices(config, catalog, prices.at(source.at)),
    ...(await checkEnvelopes(config)),
  ];
  const all = [...problems, ...place(findings)].sort(compareProblems);
  const priceList = needsList ? prices.facts : null;
  return all.some(({ severity }) => severity === 'error')
    ? { ...unusable, problems: all, priceList }
    : { catalog, config, source, place, problems: all, priceList };
}

function needsListPrices(config: Config): boolean {
  return expandVariants(config).some((record) =>
    record.endpoints.some(
      (endpoint) =>
        declaredRankPrice(record, endpoint) === undefined &&
        config.providers[endpoint.provider]?.type !== 'MOCK',
    ),
  );
}
