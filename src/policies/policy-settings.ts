import { isIP } from 'node:net';
import * as z from 'zod';

/** How the config file writes a size; the output is bytes. */
type ByteSizeSchema = z.ZodType<number, string | number>;

const limit = z.int().min(0);

/** An IP address, or a range in CIDR notation. */
export const ipRange = z.string().refine(isIpRange, {
  error: 'expected an IP address or a range such as 10.0.0.0/8',
});

const ip = z
  .strictObject({
    allow: z.array(ipRange).optional().describe('Only these clients may call.'),
    block: z.array(ipRange).optional().describe('These clients may not; beats allow.'),
  })
  .describe('Where calls may come from.');

const requests = z
  .strictObject({
    per_second: limit.optional().describe('Refill of the token bucket.'),
    burst: limit.optional().describe('Size of the token bucket. Default: per_second.'),
    per_minute: limit.optional().describe('Calls in any 60 seconds.'),
    per_hour: limit.optional().describe('Calls in any hour.'),
    per_day: limit.optional().describe('Calls in any 24 hours.'),
  })
  .describe('How many calls may be made.');

const tokens = z
  .strictObject({
    per_minute: limit.optional().describe('Tokens in any 60 seconds, input and output.'),
    per_day: limit.optional().describe('Tokens in any 24 hours, input and output.'),
    max_input: limit.optional().describe('Input tokens of one call, as estimated.'),
    max_output: limit.optional().describe('Output tokens of one call.'),
  })
  .describe('How many tokens may be used.');

const concurrency = z
  .strictObject({ max: limit.optional().describe('Calls in flight.') })
  .describe('How many calls may run at once.');

const payload = (byteSize: ByteSizeSchema) =>
  z
    .strictObject({ max_size: byteSize.optional().describe('Size of a request body.') })
    .describe('How large a request may be.');

/** A `policies` block (POL-1): what is absent is unlimited, and 0 lets nothing pass. */
export function createPolicySettings(byteSize: ByteSizeSchema) {
  return z.strictObject({
    ip: ip.optional(),
    requests: requests.optional(),
    tokens: tokens.optional(),
    concurrency: concurrency.optional(),
    payload: payload(byteSize).optional(),
  });
}

/** One entry of `budgets` (BUD-1). */
export const budgetSettings = z.strictObject({
  usd: z.number().min(0).describe('US dollars to spend in the period.'),
  period: z.enum(['day', 'week', 'month', 'total']).describe('Calendar window.'),
  timezone: z
    .string()
    .refine(isTimeZone, { error: 'expected a time zone such as Europe/Berlin' })
    .default('UTC')
    .describe('Where the day begins.'),
});

/** One entry of `quotas` (BUD-1). */
export const quotaSettings = z.strictObject({
  metric: z.enum(['requests', 'tokens', 'tokens_in', 'tokens_out']).describe('What is counted.'),
  limit: limit.describe('How much may be used in the period.'),
  period: budgetSettings.shape.period,
  timezone: budgetSettings.shape.timezone,
});

function isIpRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (prefix === undefined) return bits > 0;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
