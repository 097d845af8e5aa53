import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createListener } from './create-listener.ts';
import { createFaultSchedule, type FaultSettings } from './fault.ts';
import { createPromptCache } from './prompt-cache.ts';
import { type Bill, createRunningBill } from './running-bill.ts';

/** How a simulator behaves; a request can override it (see overrides.ts). */
export interface SimulatorSettings {
  /** Milliseconds before the first content event, or before an answer that is not streamed. */
  ttftMs: number;
  /** Speed of answers; 0 or Infinity = as fast as possible. */
  tokensPerSecond: number;
  /** Fixed answer text; null = a deterministic answer derived from the last user message. */
  reply: string | null;
  faults: FaultSettings;
}

/** A running simulator. */
export interface Simulator {
  /** Base URL without a version segment, such as `http://127.0.0.1:40123`. */
  url: string;
  /** The charges so far. */
  bill(): Bill;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

const NO_FAULTS: FaultSettings = {
  status: null,
  every: 1,
  truncate: false,
  errorIn200: false,
  hang: false,
};

/** Starts an upstream on a free loopback port that speaks every dialect and bills exactly. */
export async function startSimulator(
  settings: Partial<SimulatorSettings> = {},
): Promise<Simulator> {
  const { ttftMs = 0, tokensPerSecond = 0, reply = null, faults = NO_FAULTS } = settings;
  const bill = createRunningBill();
  const server = createServer(
    createListener({
      ttftMs,
      tokensPerSecond,
      reply,
      nextFault: createFaultSchedule(faults),
      cache: createPromptCache(),
      bill,
    }),
  );
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bill: bill.total,
    close() {
      server.close();
      server.closeAllConnections();
      return closed;
    },
  };
}
