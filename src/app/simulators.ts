import type { Config } from '../config/schema.ts';
import type { MockSettings } from '../providers/mock.ts';
import {
  type Simulator,
  type SimulatorSettings,
  startSimulator,
} from '../simulator/start-simulator.ts';

/** The simulators behind the MOCK providers of the config that runs, and of those before it. */
export interface Simulators {
  /** Starts what this config needs and does not run yet; base URLs by provider name. */
  urlsFor(config: Config): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

/** No simulator runs before a config asks for it. */
export function createSimulators(): Simulators {
  // By settings: a reload that leaves them alone keeps the simulator, and calls in flight keep theirs.
  const running = new Map<string, Simulator>();

  const simulatorFor = async (name: string, settings: SimulatorSettings) => {
    const id = JSON.stringify([name, settings]);
    const simulator = running.get(id) ?? (await startSimulator(settings));
    running.set(id, simulator);
    return simulator;
  };
  return {
    async urlsFor({ providers }) {
      const urls = new Map<string, string>();
      for (const [name, provider] of Object.entries(providers)) {
        if (provider.type !== 'MOCK') continue;
        const settings = toSimulatorSettings(provider.config as MockSettings);
        urls.set(name, (await simulatorFor(name, settings)).url);
      }
      return urls;
    },
    async close() {
      await Promise.all(Array.from(running.values(), (simulator) => simulator.close()));
    },
  };
}

function toSimulatorSettings(settings: MockSettings): SimulatorSettings {
  const { status, every, truncate, error_in_200: errorIn200, hang } = settings.faults;
  return {
    ttftMs: settings.ttft_ms,
    tokensPerSecond: settings.tokens_per_second,
    reply: settings.reply ?? null,
    faults: { status: status ?? null, every, truncate, errorIn200, hang },
  };
}
