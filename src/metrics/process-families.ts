import type { Family } from './family.ts';

const MICROSECONDS = 1_000_000;

/** What one process uses. */
export interface ProcessFigures {
  cpuMicros: number;
  residentBytes: number;
  heapBytes: number;
}

/** What this process uses at this moment. */
export function readProcessFigures(): ProcessFigures {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuMicros: user + system, residentBytes: rss, heapBytes: heapUsed };
}

/** The process itself, with those that work for it, under the names that every Prometheus client uses. */
export function processFamilies(nowMs: number, others: readonly ProcessFigures[]): Family[] {
  const all = [readProcessFigures(), ...others];
  const sum = (read: (each: ProcessFigures) => number) =>
    all.reduce((total, each) => total + read(each), 0);
  const figure = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    value: number,
  ): Family => ({
    name,
    type,
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    figure(
      'process_cpu_seconds_total',
      'counter',
      'User and system CPU time.',
      sum(({ cpuMicros }) => cpuMicros) / MICROSECONDS,
    ),
    figure(
      'process_resident_memory_bytes',
      'gauge',
      'Memory that is resident.',
      sum(({ residentBytes }) => residentBytes),
    ),
    figure(
      'nodejs_heap_size_used_bytes',
      'gauge',
      'JavaScript heap in use.',
      sum(({ heapBytes }) => heapBytes),
    ),
    figure(
      'process_start_time_seconds',
      'gauge',
      'When the process started, since the epoch.',
      Math.round(nowMs / 1_000 - process.uptime()),
    ),
  ];
}
