import { readLimits } from '../../pipeline/read-limits.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/** Every limit of the config and how much of it is used, as text where numbers would round. */
export async function describeLimits(runtime: Runtime): Promise<unknown> {
  const readings = await readLimits(runtime);
  return {
    limits: readings.map(({ max, used, resetsAtMs, windowMs, ...facts }) => ({
      ...facts,
      max: String(max),
      used: String(used),
      resets_at: resetsAtMs,
      window_ms: windowMs,
    })),
  };
}
