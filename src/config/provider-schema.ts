import * as z from 'zod';
import { providerTypes } from '../providers/index.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import { timerDuration } from './duration.ts';
import { expected } from './expected.ts';
import { providerKeySchema } from './provider-key-schema.ts';
import { WRITE_KEYS } from './word-issue.ts';

const sharedKeys = {
  name: z.string().optional().describe('Label for people. Default: the name of the entry.'),
  base_url: z
    .string()
    .refine(isHttpUrl, { error: 'expected a URL such as https://api.example.com/v1', abort: true })
    .refine((text) => !/[?#]/.test(text), {
      error: 'can have no query: every call has a path and a query of its own',
    })
    .optional()
    .describe('With or without the version segment; known for OPENAI, ANTHROPIC and GOOGLE.'),
  timeout: timerDuration.prefault('10m').describe('Until the headers, then between bytes.'),
  enabled: z.boolean().default(true).describe('Whether calls may go there.'),
  byok: z.boolean().default(false).describe('Your own keys: ranks ahead of the others.'),
  self_hosted: z.boolean().default(false).describe('The supply that :discount pins.'),
  discount_percent: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Lowers every price of this provider, for ranking and billing.'),
  keys: z
    .record(z.string(), providerKeySchema, {
      error: ({ code, input }) =>
        code === 'invalid_type' ? `${expected('a map', input)}; ${WRITE_KEYS}` : undefined,
    })
    .default({})
    .describe('Upstream secrets by name; the first that is not revoked is the default.'),
};

const byType = Object.values<ProviderType>(providerTypes).map((type) =>
  z.strictObject({
    type: z.literal(type.id).describe('The kind of upstream.'),
    ...sharedKeys,
    config: type.settingsSchema.prefault({}).describe('Settings of this type.'),
  }),
);

type TypedProvider = (typeof byType)[number];

/** One entry of `providers`; its `config` is what the type's own schema says. */
export const providerSchema = z.discriminatedUnion(
  'type',
  byType as [TypedProvider, ...TypedProvider[]],
);

export type ProviderConfig = z.output<typeof providerSchema>;

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
