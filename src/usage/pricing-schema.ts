import * as z from 'zod';
import { parseDecimal, parseUsd } from './nano-usd.ts';
import type { NamedRates, PriceSheet, RateSheet } from './pricing.ts';
import { RATE_GROUPS, RATE_ROWS } from './rate-table.ts';

const DISCOUNT_KEY = 'cached_input_discount_percent';

/** A number in YAML, or its text where the digits matter; `parse` throws what is wrong with it. */
function decimal(parse: (amount: string | number) => bigint) {
  const written = z.union([z.number(), z.string()], { error: 'Expected a decimal number' });
  return written.transform((amount, context) => {
    try {
      return parse(amount);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
}

/** An amount of US dollars as the config writes it; the output is nanos. */
export const usdAmount = decimal((amount) => {
  const nanos = parseUsd(amount);
  if (nanos < 0n) throw new Error(`"${amount}" is negative; it is 0 or more US dollars`);
  return nanos;
});

const percent = decimal((amount) => {
  const billionths = parseDecimal(amount, 9);
  if (billionths < 0n || billionths > 100n * 10n ** 9n) {
    throw new Error(`"${amount}" is not between 0 and 100`);
  }
  return billionths;
});

/** The keys that a `pricing` block and each of its tiers share, from the rate table. */
function rateKeys(): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  const groups = new Map<string, Record<string, z.ZodType>>();
  for (const [, { key, about = '' }] of RATE_ROWS) {
    if (key === undefined) continue;
    const [first = key, second] = key.split('.');
    const described = usdAmount.optional().describe(about);
    if (second === undefined) shape[first] = described;
    else groups.set(first, { ...groups.get(first), [second]: described });
  }
  for (const [name, keys] of groups) {
    const group = z.strictObject(keys).optional();
    shape[name] = group.describe(RATE_GROUPS[name] ?? '');
  }
  shape[DISCOUNT_KEY] = percent
    .optional()
    .describe('How much cheaper cached input is than fresh input of its kind, 0 to 100.');
  return shape;
}

const tier = z
  .strictObject({
    above_input_tokens: z
      .int()
      .nonnegative()
      .describe('The tier prices a whole request whose input, cached included, is above this.'),
    ...rateKeys(),
  })
  .describe('Rates for long input; what a tier does not name is as in the block around it.');

const tiers = z.array(tier).refine(haveDistinctThresholds, {
  error: 'Two tiers have the same above_input_tokens',
});

function haveDistinctThresholds(all: readonly z.output<typeof tier>[]): boolean {
  return new Set(all.map((each) => each.above_input_tokens)).size === all.length;
}

/** The `pricing` block of the config (MON-1). */
export const pricingSchema = z
  .strictObject({
    ...rateKeys(),
    tiers: tiers
      .optional()
      .describe('Prices for long input, of which the highest that applies prices the request.'),
  })
  .transform(
    (block): PriceSheet => ({
      ...readSheet(block),
      tiers: (block.tiers ?? []).map((each) => ({
        ...readSheet(each),
        aboveInputTokens: each.above_input_tokens,
      })),
    }),
  );

function readSheet(block: Readonly<Record<string, unknown>>): RateSheet {
  const named: NamedRates = {};
  for (const [name, { key, per = 1_000n, keyBuys = per }] of RATE_ROWS) {
    const nanos = key?.split('.').reduce(readMember, block);
    if (typeof nanos === 'bigint') named[name] = (nanos * per) / keyBuys;
  }
  const discount = block[DISCOUNT_KEY];
  return { named, cachedDiscount: typeof discount === 'bigint' ? discount : undefined };
}

function readMember(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
