import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import type { Outcome } from './chaos-client.ts';
import { createChaosConfig } from './chaos-config.ts';
import { type ChaosProxy, type Command, createChaosProxy } from './chaos-proxy.ts';
import { checkLedger, type Verdict } from './check-ledger.ts';
import { startClockJumps, startFullDisks, startReloads } from './disturbances.ts';
import { createRandom, type Random } from './random.ts';
import { startCallers } from './start-callers.ts';

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
  /** Memory in use after a collection, every half minute of it. */
  liveMib: number[];
  /** When all clients had gone. */
  restDescriptors: number | null;
  firstDescriptors: number | null;
}

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
    const { clients: count, report } = settings;
    const callers = startCallers(proxy, outcomes, { random, count, report });
    const reloads = startReloads(proxy, config, random);
    const clockJumps = startClockJumps(proxy, random);
    const deaths = await storm(proxy, random, settings);
    callers.useLanes();
    const fullDisks = startFullDisks(proxy, ledgerFile, random);
    const { samples, liveMib } = await endure(proxy, settings);
    await Promise.all([reloads.stop(), clockJumps.stop(), fullDisks.stop()]);
    await callers.stop();
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
      liveMib,
      firstDescriptors,
      restDescriptors,
    };
  } finally {
    await proxy.end('SIGKILL');
    await Promise.all(simulators.map((simulator) => simulator.close()));
    await rm(folder, { recursive: true, force: true });
  }
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

/** A collection of everything takes a moment in which no call goes on. */
const SECONDS_A_COLLECTION = 30;

async function endure(proxy: ChaosProxy, { enduranceMs, report }: ChaosSettings) {
  const samples: { rssMib: number; descriptors: number }[] = [];
  const liveMib: number[] = [];
  const until = performance.now() + enduranceMs;
  while (performance.now() < until) {
    if (proxy.endedBy !== null) throw new Error(`The proxy ended by itself: ${proxy.endedBy}`);
    await pause(Math.min(1_000, until - performance.now()));
    const sample = await proxy.measure();
    if (sample !== null) samples.push(sample);
    const live = samples.length % SECONDS_A_COLLECTION === 0 ? await proxy.measureLive() : null;
    if (live === null) continue;
    liveMib.push(live);
    report(`${live.toFixed(1)} MiB in use, ${sample?.rssMib.toFixed(0)} MiB resident`);
  }
  return { samples, liveMib };
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
