import { availableParallelism } from 'node:os';

/** How many processes answer calls under that setting. */
export function countWorkers(setting: number | 'auto'): number {
  return setting === 'auto' ? availableParallelism() : setting;
}
