import * as z from 'zod';
import type { DialectId } from '../dialects/dialect.ts';
import { DEFAULT_ANTHROPIC_VERSION } from './anthropic.ts';
import { joinUrl, operationPath } from './join-url.ts';
import {
  commonSettings,
  DIALECT_OPERATIONS,
  dialectsSetting,
  operationsOf,
} from './provider-settings.ts';
import { defineProviderType } from './provider-type.ts';

const ALL_DIALECTS = Object.keys(DIALECT_OPERATIONS) as DialectId[];

const settingsSchema = z.strictObject({
  ...commonSettings,
  dialects: dialectsSetting(...ALL_DIALECTS),
  ttft_ms: z.number().int().min(0).default(0).describe('Wait before the first token.'),
  tokens_per_second: z.number().min(0).default(0).describe('Speed of the answer; 0 = at once.'),
  reply: z.string().optional().describe('A fixed answer; default: one made from the question.'),
  faults: z
    .strictObject({
      status: z.number().int().min(400).max(599).optional().describe('Answer with this status.'),
      every: z.number().int().min(1).default(1).describe('Every n-th request suffers the fault.'),
      truncate: z.boolean().default(false).describe('Cut the answer in the middle.'),
      error_in_200: z.boolean().default(false).describe('Answer 200, then an error event.'),
      hang: z.boolean().default(false).describe('Accept and never answer.'),
    })
    .prefault({})
    .describe('Failures on demand.'),
});

/** Parsed settings of a simulated provider. */
export type MockSettings = z.infer<typeof settingsSchema>;

/** The simulator inside the binary: a real upstream on a loopback port, with no account needed. */
export const mock = defineProviderType({
  id: 'MOCK',
  defaultBaseUrl: 'http://127.0.0.1',
  needsKey: false,
  priceListProvider: null,
  settingsSchema,
  operations: ({ dialects }) => operationsOf(dialects),
  url: ({ baseUrl, operation, slug }) => joinUrl(baseUrl, 'v1', operationPath(operation, slug)),
  headers: ({ key, operation }) => ({
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(operation.startsWith('messages') ? { 'anthropic-version': DEFAULT_ANTHROPIC_VERSION } : {}),
  }),
  // The simulator accepts any name.
  modelList: ({ baseUrl, key }) => ({
    url: joinUrl(baseUrl, 'v1', '/models'),
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    shape: 'openai',
    lists: 'some',
  }),
});
