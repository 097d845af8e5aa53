import type { Units } from '../policies/policy.ts';
import { usdAmount } from '../usage/pricing-schema.ts';
import { byteSize } from './byte-size.ts';

/** How limits write sizes and money. */
export const limitUnits: Units = { byteSize, usd: usdAmount };
