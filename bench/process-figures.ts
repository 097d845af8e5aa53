import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processor time that a process and those that it has started have used, in microseconds; undefined where
 * the system does not say.
 */
export function cpuMicros(pid: number): number | undefined {
  try {
    return [pid, ...childrenOf(pid)].map(ownCpuMicros).reduce((sum, each) => sum + each, 0);
  } catch {
    return undefined;
  }
}

function ownCpuMicros(pid: number): number {
  // In nanoseconds, where `stat` counts in hundredths of a second.
  // https://www.kernel.org/doc/html/latest/scheduler/sched-stats.html
  return readThreads(pid, 'schedstat')
    .map((text) => Number.parseInt(text, 10) / 1000)
    .reduce((sum, each) => sum + each, 0);
}

function childrenOf(pid: number): number[] {
  return readThreads(pid, 'children').flatMap((text) =>
    text.split(' ').filter(Boolean).map(Number),
  );
}

function readThreads(pid: number, file: string): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8'),
  );
}

/** Memory of a process that is in RAM; undefined where the system does not say. */
export function residentMegabytes(pid: number): number | undefined {
  return megabytes(pid, 'VmRSS');
}

/** The most memory of a process that was in RAM since it started. */
export function peakMegabytes(pid: number): number | undefined {
  return megabytes(pid, 'VmHWM');
}

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+)`).exec(status) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
