import * as z from 'zod';
import { joinUrl, operationPath } from './join-url.ts';
import { commonSettings, operationsOf } from './provider-settings.ts';
import { defineProviderType } from './provider-type.ts';

/** The version sent when the client names none. https://platform.claude.com/docs/en/api/versioning */
export const DEFAULT_ANTHROPIC_VERSION = '2023-06-01';

const settingsSchema = z.strictObject({
  ...commonSettings,
  api_version: z
    .string()
    .default(DEFAULT_ANTHROPIC_VERSION)
    .describe('anthropic-version sent when the client names none.'),
});

/** Anthropic's own API. https://platform.claude.com/docs/en/api/overview */
export const anthropic = defineProviderType({
  id: 'ANTHROPIC',
  defaultBaseUrl: 'https://api.anthropic.com/v1',
  needsKey: true,
  priceListProvider: 'anthropic',
  settingsSchema,
  operations: () => operationsOf(['anthropic-messages']),
  url: ({ baseUrl, operation, slug }) => joinUrl(baseUrl, 'v1', operationPath(operation, slug)),
  headers: ({ key }, settings) => credentials(key, settings.api_version),
  // https://platform.claude.com/docs/en/api/models/list
  modelList: ({ baseUrl, key }, settings) => ({
    url: joinUrl(baseUrl, 'v1', '/models?limit=1000'),
    headers: credentials(key, settings.api_version),
    shape: 'anthropic',
    lists: 'all',
  }),
});

function credentials(key: string | null, version: string): Record<string, string> {
  return { ...(key === null ? {} : { 'x-api-key': key }), 'anthropic-version': version };
}
