import * as z from 'zod';
import type { DialectId } from '../dialects/dialect.ts';
import type { Operation } from '../dialects/operation.ts';
import { capsSchema } from './caps-schema.ts';

/** The dialects that a provider can speak, with the operations of each. */
export const DIALECT_OPERATIONS = {
  'openai-chat': [
    'chat',
    'completions',
    'embeddings',
    'image_generations',
    'image_edits',
    'image_variations',
    'speech',
    'transcriptions',
    'translations',
    'moderations',
  ],
  'openai-responses': ['responses', 'responses_input_tokens'],
  'anthropic-messages': ['messages', 'messages_count_tokens'],
  'google-generate-content': [
    'generate_content',
    'stream_generate_content',
    'count_tokens',
    'embed_content',
    'batch_embed_contents',
  ],
} as const satisfies Record<DialectId, readonly Operation[]>;

const DIALECTS = Object.keys(DIALECT_OPERATIONS) as [DialectId, ...DialectId[]];

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a valid header name')
  .transform((name) => name.toLowerCase());

const headerValue = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .refine(
    (value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
    'holds a line break or control character',
  );

/** The settings that every provider type accepts in its `config` block. */
export const commonSettings = {
  headers: z
    .record(headerName, headerValue)
    .default({})
    .describe('Headers added to every request to this provider.'),
  caps: capsSchema.prefault({}),
};

/** The setting that names the dialects of an upstream; the arguments are its default. */
export function dialectsSetting(...defaults: DialectId[]) {
  return z
    .array(z.enum(DIALECTS))
    .min(1)
    .default(defaults)
    .describe('The wire formats that this upstream serves.');
}

/** The operations of some dialects together. */
export function operationsOf(dialects: readonly DialectId[]): ReadonlySet<Operation> {
  return new Set(dialects.flatMap((dialect): readonly Operation[] => DIALECT_OPERATIONS[dialect]));
}
