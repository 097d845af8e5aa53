import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Where and when a report was made. */
export interface Machine {
  date: string;
  node: string;
  v8: string;
  system: string;
  cpu: string;
  cores: number;
  memoryMb: number;
  /** Processes that wanted to run in the last minute before the start. */
  loadBefore: number;
}

/** The machine and the moment, for the head of a report. */
export function describeMachine(): Machine {
  const cores = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    v8: process.versions.v8,
    system: `${platform()} ${release()}`,
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    loadBefore: loadavg()[0] ?? 0,
  };
}
