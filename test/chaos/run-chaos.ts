import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { hangUpClients, makeCall, type Outcome, planCall } from './chaos-client.ts';
import { createChaosConfig } from './chaos-config.ts';
import { type ChaosProxy, type Command, createChaosProxy } from './chaos-proxy.ts';
import { checkLedger, type Verdict } from './check-ledger.ts';
import { startClockJumps, startFullDisks, startReloads } from './disturbances.ts';
import { createRandom, type Random } from './random.ts';

/** How much chaos. */
export interface ChaosSettings {
  command: Command;
  seed: number;
  clients: number;
  /** Proxies that are killed, or asked to end, at random moments under load. */
  deaths: number;
  /** How long the proxy then runs on without dying, reloaded all the time. */
  enduranceMs: number;
  /** Whether to wait, up to 20 seconds, until idle connections are closed. */
  awaitRest: boolean;
  report(line: string): void;
}

/** What came out of it. */
export interface ChaosResult extends Verdict {
  calls: number;
  kills: number;
  terms: number;
  reloads: { good: number; broken: number };
  clockJumps: number;
  fullDisks: number;
  /** Every second of the endurance. */
  samples: { rssMib: number; descriptors: number }[];
  /** When all clients had gone. */
  restDescriptors: number | null;
  firstDescriptors: number | null;
}

/** Lanes are slugs that are used again and again, so that names do not fill any memory. */
const LANES = 300;
const CALM_LANES = 150;

/** Runs proxy, simulators and clients against each other, and judges what the ledger says of it. */
export async function runChaos(settings: ChaosSettings): Promise<ChaosResult> {
  const random = createRandom(settings.seed);
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-chaos-'));
  const simulators = await Promise.all([startSimulator(), startSimulator()]);
  const file = join(folder, 'config.yaml');
  const ledgerFile = join(folder, 'usage.jsonl');
  const urls = [simulators[0].url, simulators[1].url] as const;
  const config = createChaosConfig({ file, ledgerFile, urls }, random);
  await config.writeGood();
  const proxy = await createChaosProxy(settings.command, file);
  try {
    await proxy.start();
    const firstDescriptors = (await proxy.measure())?.descriptors ?? null;
    const outcomes: Outcome[] = [];
    const clients = startClients(proxy, outcomes, { random, count: settings.clients });
    const reloads = startReloads(proxy, config, random);
    const clockJumps = startClockJumps(proxy, random);
    const deaths = await storm(proxy, random, settings);
    clients.useLanes();
    const fullDisks = startFullDisks(proxy, ledgerFile, random);
    const samples = await endure(proxy, settings);
    await Promise.all([reloads.stop(), clockJumps.stop(), fullDisks.stop()]);
    await clients.stop();
    await config.writeGood();
    const restDescriptors = settings.awaitRest ? await rest(proxy, firstDescriptors) : null;
    const lost = await proxy.countLost();
    const code = await proxy.end('SIGTERM');
    const bills = simulators.map((simulator) => simulator.bill());
    const verdict = await checkLedger({ ledgerFile, outcomes, bills, config, lost });
    if (code !== 0) verdict.violations.push(`the last proxy ended with ${code}`);
    verdict.violations.push(...deaths.violations, ...findLeaks(proxy.log));
    return {
      ...verdict,
      calls: outcomes.length,
      kills: deaths.kills,
      terms: deaths.terms,
      reloads: config.written,
      clockJumps: clockJumps.count(),
      fullDisks: fullDisks.count(),
      samples,
      firstDescriptors,
      restDescriptors,
    };
  } finally {
    await proxy.end('SIGKILL');
    await Promise.all(simulators.map((simulator) => simulator.close()));
    await rm(folder, { recursive: true, force: true });
  }
}

function startClients(
  proxy: ChaosProxy,
  outcomes: Outcome[],
  { random, count }: { random: Random; count: number },
) {
  let isOpen = true;
  let isInLanes = false;
  let number = 0;
  const work = async () => {
    while (isOpen) {
      if (!proxy.isUp) {
        await pause(5);
        continue;
      }
      number += 1;
      const lane = number % LANES;
      const slug = isInLanes ? `lane-${lane}` : `call-${number}`;
      const isRough = isInLanes ? lane >= CALM_LANES : random.chance(0.5);
      const mustSucceed = isInLanes && !isRough;
      outcomes.push(await makeCall(proxy.url, planCall(random, slug, { isRough, mustSucceed })));
    }
  };
  const workers = Array.from({ length: count }, work);
  return {
    useLanes() {
      isInLanes = true;
    },
    async stop() {
      isOpen = false;
      await Promise.all(workers);
      hangUpClients();
    },
  };
}

async function storm(proxy: ChaosProxy, random: Random, { deaths, report }: ChaosSettings) {
  const result = { kills: 0, terms: 0, violations: [] as string[] };
  for (let death = 1; death <= deaths; death += 1) {
    await pause(random.between(20, 700));
    const signal = random.chance(0.85) ? 'SIGKILL' : 'SIGTERM';
    const code = await proxy.end(signal);
    if (signal === 'SIGKILL') result.kills += 1;
    else {
      result.terms += 1;
      if (code !== 0) result.violations.push(`SIGTERM ended in ${code}`);
    }
    if (death % 20 === 0) report(`${death} of ${deaths} proxies have died`);
    await startAgain(proxy);
  }
  return result;
}

/** The file on disk may be a broken one at this moment; the next good one is never far. */
async function startAgain(proxy: ChaosProxy): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await proxy.start();
    } catch (error) {
      if (attempt === 10) throw error;
      await pause(200);
    }
  }
}

async function endure(proxy: ChaosProxy, { enduranceMs, report }: ChaosSettings) {
  const samples: { rssMib: number; descriptors: number }[] = [];
  const until = performance.now() + enduranceMs;
  while (performance.now() < until) {
    await pause(Math.min(1_000, until - performance.now()));
    const sample = await proxy.measure();
    if (sample !== null) samples.push(sample);
    if (samples.length % 60 === 0 && sample) report(`${sample.rssMib.toFixed(0)} MiB resident`);
  }
  return samples;
}

/** The descriptors that are left when everybody has gone, and idle connections have had their time. */
async function rest(proxy: ChaosProxy, expected: number | null): Promise<number | null> {
  let descriptors: number | null = null;
  for (let look = 0; look < 100; look += 1) {
    descriptors = (await proxy.measure())?.descriptors ?? null;
    if (descriptors === null || descriptors <= (expected ?? 0)) break;
    await pause(200);
  }
  return descriptors;
}

/** What a log must never hold, whatever happened. */
function findLeaks(log: string): string[] {
  return ['canary', 'crashed', 'unexpectedly', 'word word']
    .filter((word) => log.includes(word))
    .map((word) => `the log holds "${word}": ${log.slice(log.indexOf(word) - 200).slice(0, 600)}`);
}
