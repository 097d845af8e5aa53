import type { Family } from './family.ts';

const MICROSECONDS = 1_000_000;

/** The process itself, under the names that every Prometheus client uses. */
export function processFamilies(nowMs: number): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
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
      (user + system) / MICROSECONDS,
    ),
    figure('process_resident_memory_bytes', 'gauge', 'Memory that is resident.', rss),
    figure('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', heapUsed),
    figure(
      'process_start_time_seconds',
      'gauge',
      'When the process started, since the epoch.',
      Math.round(nowMs / 1_000 - process.uptime()),
    ),
  ];
}
