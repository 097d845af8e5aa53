import * as z from 'zod';
import { joinUrl, operationPath } from './join-url.ts';
import { commonSettings, operationsOf } from './provider-settings.ts';
import { defineProviderType } from './provider-type.ts';

const settingsSchema = z.strictObject({
  ...commonSettings,
  api_version: z
    .string()
    .default('v1beta')
    .describe('Version segment of the URL, unless base_url already holds one.'),
});

/** The Gemini API. https://ai.google.dev/api */
export const google = defineProviderType({
  id: 'GOOGLE',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  needsKey: true,
  priceListProvider: 'google',
  settingsSchema,
  operations: () => operationsOf(['google-generate-content']),
  url: ({ baseUrl, operation, slug }, settings) =>
    joinUrl(baseUrl, settings.api_version, operationPath(operation, slug)),
  headers: ({ key }) => credentials(key),
  // https://ai.google.dev/api/models#method:-models.list
  modelList: ({ baseUrl, key }, settings) => ({
    url: joinUrl(baseUrl, settings.api_version, '/models?pageSize=1000'),
    headers: credentials(key),
    shape: 'google',
    lists: 'all',
  }),
});

function credentials(key: string | null): Record<string, string> {
  return key === null ? {} : { 'x-goog-api-key': key };
}
