import { budget } from './budget.ts';
import { concurrency } from './concurrency.ts';
import { ipFilter } from './ip-filter.ts';
import { payloadSize } from './payload-size.ts';
import type { Policy } from './policy.ts';
import { quota } from './quota.ts';
import { requestRate } from './request-rate.ts';
import { tokenCaps } from './token-caps.ts';
import { tokenRate } from './token-rate.ts';

/** Every policy, in the order checked. A new one is one file and one line: its YAML key comes along. */
export const policies: readonly Policy[] = [
  ipFilter,
  payloadSize,
  tokenCaps,
  requestRate,
  tokenRate,
  concurrency,
  quota,
  budget,
];
