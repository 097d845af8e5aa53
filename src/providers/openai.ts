import * as z from 'zod';
import { joinUrl, operationPath } from './join-url.ts';
import { commonSettings, operationsOf } from './provider-settings.ts';
import { defineProviderType } from './provider-type.ts';

const settingsSchema = z.strictObject({
  ...commonSettings,
  organization: z.string().optional().describe('Sent as OpenAI-Organization.'),
  project: z.string().optional().describe('Sent as OpenAI-Project.'),
});

/** OpenAI's own API. https://platform.openai.com/docs/api-reference/authentication */
export const openai = defineProviderType({
  id: 'OPENAI',
  defaultBaseUrl: 'https://api.openai.com/v1',
  needsKey: true,
  priceListProvider: 'openai',
  settingsSchema,
  operations: () => operationsOf(['openai-responses', 'openai-chat']),
  url: ({ baseUrl, operation, slug }) => joinUrl(baseUrl, 'v1', operationPath(operation, slug)),
  headers: ({ key }, settings) => credentials(key, settings),
  // https://platform.openai.com/docs/api-reference/models/list
  modelList: ({ baseUrl, key }, settings) => ({
    url: joinUrl(baseUrl, 'v1', '/models'),
    headers: credentials(key, settings),
    shape: 'openai',
    lists: 'all',
  }),
});

function credentials(
  key: string | null,
  { organization, project }: z.output<typeof settingsSchema>,
): Record<string, string> {
  return {
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(organization ? { 'openai-organization': organization } : {}),
    ...(project ? { 'openai-project': project } : {}),
  };
}
