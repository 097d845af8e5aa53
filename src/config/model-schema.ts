import * as z from 'zod';
import { createPolicySettings } from '../policies/policy-settings.ts';
import { capsSchema } from '../providers/caps-schema.ts';
import { commonSettings } from '../providers/provider-settings.ts';
import { pricingSchema } from '../usage/pricing-schema.ts';
import { limitUnits } from './limit-units.ts';

const name = z.string().min(1);

const pricing = z
  .union([z.literal('none'), pricingSchema])
  .describe('USD per 1,000 tokens. Default: the bundled price list; `none` = unpriced.');

/** A `policies` block of any scope. */
export const policiesSchema = createPolicySettings(limitUnits).describe(
  'Limits that a call must pass.',
);

const endpointSchema = z.strictObject({
  provider: name.describe('An entry of `providers`.'),
  slug: name.optional().describe('The id sent upstream. Default: the model name.'),
  key: name.optional().describe('A key of the provider. Default: its first that is not revoked.'),
  pricing: pricing.optional(),
  hints: z
    .strictObject({
      ttft_ms: z.number().min(0).optional().describe('Expected time to the first token.'),
      tokens_per_second: z.number().min(0).optional().describe('Expected output speed.'),
    })
    .default({})
    .describe('Stand in for measurements until there are enough.'),
  policies: policiesSchema.optional(),
  caps: capsSchema.prefault({}),
});

const bodyFields = z.record(
  name.refine((field) => field !== 'model' && field !== 'stream', {
    error: 'is decided by the request and cannot be set here',
  }),
  z.unknown(),
);

const editsSchema = z.strictObject({
  defaults: bodyFields.default({}).describe('Body fields set when the client left them out.'),
  overrides: bodyFields.default({}).describe('Body fields set whatever the client sent.'),
  headers: commonSettings.headers.describe('Headers added to the upstream request.'),
  caps: capsSchema.prefault({}),
});

/** What a model says and a variant may replace, block by block (CFG-6). */
const blocks = {
  provider: endpointSchema.shape.provider.optional(),
  slug: endpointSchema.shape.slug,
  key: endpointSchema.shape.key,
  endpoints: z
    .array(endpointSchema)
    .min(1)
    .optional()
    .describe('Several ways to serve the model, in place of provider, slug and key.'),
  type: z
    .enum([
      'chat',
      'reasoning',
      'image',
      'embeddings',
      'audio',
      'moderation',
      'transcription',
      'tts',
    ])
    .optional()
    .describe('What the model is for. Default: chat.'),
  capabilities: z
    .array(z.enum(['vision', 'reasoning', 'tool_use']))
    .optional()
    .describe('What the model can do; informs people and pickers.'),
  context_window: z.int().min(1).optional().describe('Tokens; shown in the model list.'),
  max_output_tokens: z.int().min(1).optional().describe('Tokens; shown in the model list.'),
  config: editsSchema.optional().describe('Changes to requests for this model.'),
  pricing: pricing.optional(),
  policies: policiesSchema.optional(),
  fallbacks: z
    .array(name)
    .optional()
    .describe('Other models, tried in order when every endpoint failed.'),
  response_model: z
    .enum(['upstream', 'requested'])
    .optional()
    .describe('Whose name for the model the answer carries. Default: upstream.'),
};

/** One entry of `models`. */
export const modelSchema = z.strictObject(blocks);

/** One entry of `variants`. */
export const variantSchema = z.strictObject({
  model: name.describe('The model that this one is a variant of.'),
  ...blocks,
});

export type EndpointConfig = z.output<typeof endpointSchema>;
export type ModelConfig = z.output<typeof modelSchema>;
export type VariantConfig = z.output<typeof variantSchema>;
export type PricingConfig = z.output<typeof pricing>;
