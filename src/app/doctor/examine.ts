import type { CatalogSource } from '../../catalog/compile.ts';
import { compileCatalog } from '../../catalog/compile.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { countOf } from '../../core/count-of.ts';
import { type ReadyConfig, readConfigText, readyConfig } from '../read-config.ts';
import { StartError } from '../start-error.ts';
import { checkAddress } from './check-address.ts';
import { checkLedger } from './check-ledger.ts';
import { checkPrices } from './check-prices.ts';
import { checkProviders } from './check-providers.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';
import { rehearse } from './rehearse.ts';

/** What is examined. */
export interface Examination {
  configFile: string;
  /** Ask the real providers as well. */
  live: boolean;
  clock?: Clock;
  /** Told of each diagnosis as soon as it is made. */
  onDiagnosis(diagnosis: Diagnosis): void;
}

/** Looks at everything that can keep a config from working, and tells what it finds (CLI-11). */
export async function examine(examination: Examination): Promise<void> {
  const { configFile, live, clock = systemClock, onDiagnosis } = examination;
  const tell = (diagnoses: readonly Diagnosis[]) => diagnoses.forEach(onDiagnosis);
  const ready = await checkConfig(configFile, tell);
  if (ready === null) return;
  const { priceList, source } = ready;
  if (priceList !== null) tell([checkPrices(priceList, clock.now())]);
  const { server, usage } = source.config;
  tell([await checkLedger(usage.file)]);
  tell([await checkAddress(server.host, server.port)]);
  const catalog = compileCatalog(source);
  tell(await rehearse(source, catalog));
  if (live) tell(await checkProviders(catalog, clock));
}

async function checkConfig(
  file: string,
  tell: (diagnoses: readonly Diagnosis[]) => void,
): Promise<ReadyConfig | null> {
  try {
    const ready = await readyConfig(await readConfigText(file), { file, allowOpen: false });
    tell([ok('config', describe(file, ready.source))]);
    tell(ready.warnings.map((line) => warn('config', line)));
    return ready;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const advice = 'Correct it first; `signalbox check` says the same.';
    tell(error.lines.map((line, at) => fail('config', line, at === 0 ? advice : '')));
    return null;
  }
}

function describe(file: string, { config }: CatalogSource): string {
  const { providers, models, variants } = config;
  const count = (map: object, noun: string) => countOf(Object.keys(map).length, noun);
  const parts = [count(providers, 'provider'), count(models, 'model'), count(variants, 'variant')];
  return `${file} is valid: ${parts.join(', ')}`;
}
