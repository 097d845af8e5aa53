import packageJson from '../../package.json' with { type: 'json' };
import { createDeparture } from '../core/departure.ts';
import type { Logger } from '../core/logger.ts';
import { callSpans, type OtlpSpan } from '../metrics/call-spans.ts';
import { toAttributes } from '../metrics/otlp-attributes.ts';
import type { UpstreamClient } from '../upstream/client.ts';
import { collectBody } from '../upstream/collect-body.ts';
import type { CallListener } from '../usage/call-listener.ts';
import type { TraceSettings } from './trace-settings.ts';

/** What goes out at once, and what may wait while the collector does not answer. */
const BATCH_SPANS = 512;
const MAX_WAITING_SPANS = 4_096;

const MAX_ANSWER_BYTES = 64 * 1024;

/** Sends spans of settled calls to a collector; no call ever waits for it. */
export interface TraceExporter {
  add: CallListener;
  /** Sends what waits, for as long as one request may take. */
  close(): Promise<void>;
}

/** An exporter of OTLP over HTTP in JSON: what cannot be sent is dropped, and logged once a failure. */
export function createTraceExporter(
  settings: TraceSettings,
  { upstream, logger }: { upstream: UpstreamClient; logger: Logger },
): TraceExporter {
  let waiting: OtlpSpan[] = [];
  let sending: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (sending !== null) return sending;
    const batch = waiting.slice(0, BATCH_SPANS);
    if (batch.length === 0) return Promise.resolve();
    waiting = waiting.slice(BATCH_SPANS);
    sending = send(batch).finally(() => {
      sending = null;
      if (waiting.length > 0) schedule();
    });
    return sending;
  };
  const schedule = () => {
    if (waiting.length >= BATCH_SPANS && sending === null) void flush();
    else timer ??= setTimeout(flush, settings.delayMs).unref();
  };
  const send = async (batch: readonly OtlpSpan[]) => {
    try {
      const status = await post(encode(batch, settings));
      if (status >= 300) throw new Error(`it answered ${status}`);
      if (isFailing) logger.info({ url: settings.url }, 'Traces are exported again');
      isFailing = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!isFailing) logger.warn({ url: settings.url, reason }, 'Traces cannot be exported');
      isFailing = true;
    }
  };
  const post = async (body: Buffer) => {
    const { url, headers, timeoutMs } = settings;
    const departure = createDeparture();
    const response = await upstream.send({
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'signalbox', ...headers },
      body,
      timeoutMs,
      departure,
    });
    await collectBody(response.body, MAX_ANSWER_BYTES);
    return response.status;
  };
  return {
    add(record, headers) {
      if (waiting.length >= MAX_WAITING_SPANS) return;
      waiting.push(...callSpans(record, headers));
      if (waiting.length > 0) schedule();
    },
    async close() {
      await flush();
      await flush();
    },
  };
}

function encode(spans: readonly OtlpSpan[], { resource }: TraceSettings): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: toAttributes(resource) },
          scopeSpans: [{ scope: { name: 'signalbox', version: packageJson.version }, spans }],
        },
      ],
    }),
  );
}
