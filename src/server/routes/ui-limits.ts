import type { Runtime } from '../../pipeline/runtime.ts';

/** Every limit of the config and how much of it is used, as text where numbers would round. */
export function describeLimits({ catalog, counters }: Runtime): Promise<unknown> {
  const limits = catalog.limits.map(async (limit) => {
    const { used, resetsAtMs } = await counters.read(limit);
    return {
      scope: limit.scope.kind,
      name: limit.scope.name,
      setting: limit.setting,
      kind: limit.kind,
      metric: limit.metric,
      max: String(limit.max),
      used: String(used),
      resets_at: resetsAtMs,
    };
  });
  return Promise.all(limits).then((told) => ({ limits: told }));
}
