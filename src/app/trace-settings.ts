import type { Environment } from '../config/env.ts';

/** Where traces go, by the variables that every OpenTelemetry program reads. */
export interface TraceSettings {
  /** The whole URL. */
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  /** How long spans wait for others. */
  delayMs: number;
  /** `service.name` and the like. */
  resource: Record<string, string>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_DELAY_MS = 5_000;

/**
 * Null where no endpoint is named, or tracing is switched off; throws an Error where what is named cannot
 * be used. https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readTraceSettings(environment: Environment): TraceSettings | null {
  const read = (name: string) =>
    environment[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || environment[`OTEL_EXPORTER_OTLP_${name}`];
  const endpoint = read('ENDPOINT');
  if (!endpoint || environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return null;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new Error('OTEL_EXPORTER_OTLP_ENDPOINT is no URL such as http://localhost:4318');
  }
  const protocol = read('PROTOCOL') || 'http/json';
  if (!protocol.startsWith('http/')) {
    throw new Error(`OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, and only http/json is spoken`);
  }
  // The endpoint for traces alone is used as it is.
  const isWhole = Boolean(environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  return {
    url: isWhole ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: readPairs(read('HEADERS')),
    timeoutMs: readMs(read('TIMEOUT'), DEFAULT_TIMEOUT_MS),
    delayMs: readMs(environment['OTEL_BSP_SCHEDULE_DELAY'], DEFAULT_DELAY_MS),
    resource: {
      'service.name': environment['OTEL_SERVICE_NAME'] || 'signalbox',
      ...readPairs(environment['OTEL_RESOURCE_ATTRIBUTES']),
    },
  };
}

/** `key=value,key=value`, percent-encoded as in W3C baggage. */
function readPairs(text = ''): Record<string, string> {
  return Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const [name = '', ...rest] = pair.split('=');
      const key = name.trim();
      return key === '' || rest.length === 0 ? [] : [[key, decode(rest.join('=').trim())]];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readMs(text: string | undefined, fallback: number): number {
  return text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : fallback;
}
