import type { Environment } from '../config/env.ts';
import type { Logger } from '../core/logger.ts';
import type { UpstreamClient } from '../upstream/client.ts';
import type { TraceExporter } from './trace-exporter.ts';
import { readTraceSettings, type TraceSettings } from './trace-settings.ts';

/** What traces are made with. */
interface TraceMeans {
  environment: Environment;
  upstream: UpstreamClient;
  logger: Logger;
}

/** Traces calls where the environment names a collector; null = it names none, and nothing is loaded. */
export function traceCalls({ environment, upstream, logger }: TraceMeans): TraceExporter | null {
  let settings: TraceSettings | null;
  try {
    settings = readTraceSettings(environment);
  } catch (error) {
    logger.warn({}, `No traces are exported: ${error instanceof Error ? error.message : error}`);
    return null;
  }
  if (settings === null) return null;
  const wanted = settings;
  const loading = import('./trace-exporter.ts').then(({ createTraceExporter }) =>
    createTraceExporter(wanted, { upstream, logger }),
  );
  return {
    add: (record, headers) => void loading.then((exporter) => exporter.add(record, headers)),
    close: async () => (await loading).close(),
  };
}
