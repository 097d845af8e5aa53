import { basename, dirname, join } from 'node:path';
import type { CatalogSource } from '../catalog/compile.ts';
import { loadCatalog } from '../catalog/load-catalog.ts';
import type { Environment } from '../config/env.ts';
import { type Finding, formatProblem, warning } from '../config/finding.ts';
import { readWhole } from '../config/read-whole.ts';
import type { Config } from '../config/schema.ts';
import { isLoopbackHost } from '../server/browser-guard.ts';
import type { PriceListFacts } from '../usage/price-list.ts';
import { StartError } from './start-error.ts';

/** A config that can run, and what its file should still be told. */
export interface ReadyConfig {
  text: string;
  source: CatalogSource;
  /** The price list that its models ask; null where all have a price of their own. */
  priceList: PriceListFacts | null;
  warnings: string[];
  /** The fetched price list, where one was read. */
  prices: string | undefined;
}

interface ConfigRules {
  file: string;
  environment?: Environment | undefined;
  /** The address to bind, where it is not the config's own. */
  host?: string | undefined;
  allowOpen: boolean;
  /** Default: reads the price list beside the config. */
  readPrices?: () => Promise<string | undefined>;
}

/** The file's text; throws a StartError that says what to do when there is none, or what is given for that. */
export async function readConfigText(
  file: string,
  missing = `There is no ${file}. \`signalbox init\` writes one; --config names another file.`,
): Promise<string> {
  try {
    return await readWhole(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') throw new StartError([missing]);
    if (code === 'EISDIR')
      throw new StartError([`${file} is a folder; name the config file in it.`]);
    throw new StartError([`Cannot read ${file}: ${code}.`]);
  }
}

/** What `signalbox prices update` writes, beside the config. */
export const PRICE_FILE = 'signalbox-prices.json';

/** The text of the fetched price list beside a config; undefined where there is none. */
export async function readPrices(configFile: string): Promise<string | undefined> {
  return readWhole(join(dirname(configFile), PRICE_FILE)).catch(() => undefined);
}

/** Checks a config's text for running; throws a StartError with every problem, not only the first. */
export async function readyConfig(text: string, rules: ConfigRules): Promise<ReadyConfig> {
  const { environment, readPrices: read = () => readPrices(rules.file) } = rules;
  let prices: string | undefined;
  const { source, problems, priceList } = await loadCatalog({
    text,
    async readPrices() {
      prices = await read();
      return prices;
    },
    ...(environment ? { environment } : {}),
  });
  const lines = problems.map((problem) => formatProblem(basename(rules.file), problem));
  if (typeof priceList?.ignored === 'string') {
    lines.push(`${PRICE_FILE} is not used: ${priceList.ignored}.`);
  }
  if (source === null) throw new StartError(lines);
  const host = rules.host ?? source.config.server.host;
  if (isOpenTo(host, source.config) && !rules.allowOpen) {
    throw new StartError([
      `Listening on ${host} without \`api_keys\` would let everyone on the network spend your money.`,
      'Add api_keys (see config.example.yaml), listen on 127.0.0.1, or accept it with --allow-open.',
    ]);
  }
  return { text, source, priceList, warnings: lines, prices };
}

/** What a check should say of a config that the proxy refuses to start with on its own (SEC-1). */
export function checkOpenBind(config: Config): Finding[] {
  const { host } = config.server;
  if (!isOpenTo(host, config)) return [];
  const message = `listens on ${host} without \`api_keys\`: \`signalbox serve\` refuses this unless --allow-open is given`;
  return [warning(['server', 'host'], message)];
}

function isOpenTo(host: string, { api_keys: apiKeys }: Config): boolean {
  return !isLoopbackHost(host) && apiKeys === undefined;
}
