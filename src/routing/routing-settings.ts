import * as z from 'zod';

/** How the config file writes a length of time; the output is milliseconds. */
type DurationSchema = z.ZodType<number, string | number>;

const weight = z.number().min(0);

/** The `routing` block of the config, given how durations are written, and those that timers wait for. */
export function createRoutingSettings(duration: DurationSchema, timerDuration: DurationSchema) {
  return z.strictObject({
    weights: z
      .strictObject({
        cost: weight.default(0.4),
        latency: weight.default(0.3),
        throughput: weight.default(0.3),
      })
      .refine(({ cost, latency, throughput }) => cost + latency + throughput > 0, {
        error: 'needs one weight above 0',
      })
      .prefault({})
      .describe('How much each axis counts in the balanced order; only their ratio matters.'),
    window: duration.prefault('1h').describe('How long a measurement counts.'),
    min_samples: z
      .int()
      .min(1)
      .default(3)
      .describe('Measurements that an endpoint needs before they outweigh its hints.'),
    explore_every: z
      .int()
      .min(0)
      .default(5)
      .describe('Every n-th :latency or :throughput request tries the least measured endpoint.'),
    expected_output_tokens: z
      .int()
      .min(0)
      .default(500)
      .describe('Assumed length of an answer whose request names no limit.'),
    strict_translation: z
      .boolean()
      .default(false)
      .describe('Refuse what a translation to another dialect would drop.'),
    enforce_capabilities: z
      .boolean()
      .default(false)
      .describe('Refuse what a model does not declare among its capabilities.'),
    circuit: z
      .strictObject({
        failures: z.int().min(1).default(5).describe('Failures in a row that open the circuit.'),
        open: duration.prefault('30s').describe('First pause before a probe; doubles each time.'),
        max_open: duration.prefault('5m').describe('The longest pause.'),
      })
      .prefault({})
      .describe('When an endpoint that keeps failing is left alone.'),
    commit_after: timerDuration
      .prefault('10s')
      .describe('Wait for the first event before the client gets its headers.'),
    heartbeat: timerDuration
      .prefault('15s')
      .describe('Silence after which a stream sends a sign of life; 0 = never.'),
  });
}
