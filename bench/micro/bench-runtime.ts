import { hash } from 'node:crypto';
import { offlineView } from '../../src/app/offline-view.ts';
import { loadCatalog } from '../../src/catalog/load-catalog.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createDeparture } from '../../src/core/departure.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { createCallMeters } from '../../src/metrics/call-meters.ts';
import type { PresentedKey } from '../../src/pipeline/authenticate.ts';
import type { Call, Reply } from '../../src/pipeline/call.ts';
import type { Runtime } from '../../src/pipeline/runtime.ts';
import { createTokenRatios } from '../../src/pipeline/token-ratios.ts';
import { createMemoryCounters } from '../../src/policies/memory-counters.ts';
import { createKeyVault } from '../../src/secrets/key-vault.ts';
import type { UpstreamClient } from '../../src/upstream/client.ts';
import { createMediaClient } from '../../src/upstream/media-client.ts';
import { createLedgerHistory } from '../../src/usage/ledger-history.ts';
import { wholeAnswer } from '../chat-answer.ts';
import { signalboxConfig } from '../signalbox-config.ts';

export const API_KEY = 'sk-bench-client';

const digest = hash('sha256', API_KEY, 'buffer');

/** The key that the calls present; the server knows its digest from their connection. */
export const presentedKey: PresentedKey = { digest, hex: digest.toString('hex') };

/** A call with that body, which nobody waits for. */
export function createBenchCall(body: Buffer): Call {
  return {
    requestId: 'req_0b0e7a52-9d0a-4d4f-8f1e-0c8b6f2f8c11',
    arrivedAt: 1_750_000_000_000,
    startedMs: 0,
    surface: 'openai',
    operation: 'chat',
    pathModel: null,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` },
    query: '',
    presentedKey,
    clientIp: '127.0.0.1',
    departure: createDeparture(),
    readBody: () => Promise.resolve(body),
    reply,
  };
}

const reply: Reply = {
  hasStarted: () => false,
  send: () => {},
  start: () => {},
  write: () => true,
  onDrain: () => {},
  end: () => {},
};

/** The governed config of the other measures, with an upstream that answers at once and no disk. */
export async function createBenchRuntime(): Promise<Runtime> {
  const text = signalboxConfig({
    upstreamPort: 1,
    ledgerFile: 'usage.jsonl',
    apiKey: API_KEY,
    workers: 1,
  });
  const { source } = await loadCatalog({ text, environment: {} });
  if (source === null) throw new Error('The config of the call benchmark is not valid');
  return {
    ...offlineView(source),
    counters: createMemoryCounters(systemClock),
    vault: createKeyVault(systemClock),
    upstream,
    media: createMediaClient(),
    tokenRatios: createTokenRatios(),
    mediaSettings: source.config.media,
    logger: silentLogger,
    meters: createCallMeters(),
    ledgerFile: 'usage.jsonl',
    history: createLedgerHistory(1_000, []),
    listeners: [],
    ledger: {
      append: () => {},
      state: () => ({ healthy: true, lost: 0, lastError: undefined }),
      refuses: () => false,
      close: () => Promise.resolve(),
    },
  };
}

const answer = Buffer.from(wholeAnswer);

/** Answers at once, with what the upstream of the other measures answers. */
const upstream: UpstreamClient = {
  send: () =>
    Promise.resolve({
      status: 200,
      headers: { 'content-type': 'application/json', 'content-length': String(answer.length) },
      body: {
        read(sink) {
          sink.onChunk(answer);
          sink.onEnd();
        },
        pause: () => {},
        resume: () => {},
        abort: () => {},
      },
    }),
  holds: () => false,
  close: () => Promise.resolve(),
};
