import * as z from 'zod';
import { policies } from './index.ts';
import type { Policy, Units } from './policy.ts';

/** A checked `policies` block: the settings of each policy by its key. */
export type PolicySettings = Readonly<Record<string, unknown>>;

/** A `policies` block (POL-1): what is absent is unlimited, and 0 lets nothing pass. */
export function createPolicySettings(units: Units): z.ZodType<PolicySettings> {
  const shape: Record<string, z.ZodType> = {};
  for (const key of keysOf('policies')) shape[key] = createBlock(key, units).optional();
  return z.strictObject(shape) as z.ZodType<PolicySettings>;
}

/** The lists that stand beside a `policies` block, such as `budgets` (BUD-1). */
export function createLimitLists(units: Units): Record<string, z.ZodType<unknown[]>> {
  const lists = [...keysOf('list')].map((key) => {
    const [policy] = policies.filter((each) => each.key === key);
    const list = z.array(createBlock(key, units)).default([]);
    return [key, list.describe(policy?.about ?? '')] as const;
  });
  return Object.fromEntries(lists);
}

function keysOf(place: Policy['place']): Set<string> {
  return new Set(policies.filter((each) => each.place === place).map(({ key }) => key));
}

/** One key with the fields of all policies that share it. */
function createBlock(key: string, units: Units): z.ZodType {
  const sharing = policies.filter((policy) => policy.key === key);
  const shape = Object.assign({}, ...sharing.map((policy) => policy.shape(units)));
  const block = z.strictObject(shape).superRefine((settings, context) => {
    for (const { findFlaw } of sharing) {
      const flaw = findFlaw?.(settings);
      if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
    }
  });
  return block.describe(sharing[0]?.about ?? '');
}
