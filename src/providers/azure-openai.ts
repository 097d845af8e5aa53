import * as z from 'zod';
import type { Operation } from '../dialects/operation.ts';
import { operationPath, slugSegments } from './join-url.ts';
import { commonSettings, operationsOf } from './provider-settings.ts';
import { defineProviderType } from './provider-type.ts';

const settingsSchema = z.strictObject({
  ...commonSettings,
  api_version: z
    .string()
    .default('v1')
    .describe('"v1" for the v1 API; a date such as 2024-10-21 for the deployments API.'),
});

// Azure OpenAI has no moderations, and its deployments API has no Responses.
// https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
const v1Operations = operationsOf(['openai-responses', 'openai-chat']);
const deploymentOperations = operationsOf(['openai-chat']);

/** Azure OpenAI, by deployment or through the v1 API; the slug is the deployment's name. */
export const azureOpenai = defineProviderType({
  id: 'AZURE_OPENAI',
  defaultBaseUrl: null,
  needsKey: true,
  priceListProvider: 'azure',
  settingsSchema,
  operations: (settings) =>
    without(settings.api_version === 'v1' ? v1Operations : deploymentOperations, 'moderations'),
  url: ({ baseUrl, operation, slug }, settings) => {
    const base = rootOf(baseUrl);
    const path = operationPath(operation, slug);
    if (settings.api_version === 'v1') return `${base}/v1${path}`;
    const version = encodeURIComponent(settings.api_version);
    const deployment = slugSegments(slug).map(encodeURIComponent).join('%2F');
    return `${base}/deployments/${deployment}${path}?api-version=${version}`;
  },
  headers: ({ key }) => credentials(key),
  // Lists the base models of the resource; its deployments are listed by another API with other credentials.
  // https://learn.microsoft.com/rest/api/azureopenai/models/list
  modelList({ baseUrl, key }, { api_version: version }) {
    const base = rootOf(baseUrl);
    const query = `?api-version=${encodeURIComponent(version)}`;
    return {
      url: version === 'v1' ? `${base}/v1/models` : `${base}/models${query}`,
      headers: credentials(key),
      shape: 'openai',
      lists: 'none',
    };
  },
});

function credentials(key: string | null): Record<string, string> {
  return key === null ? {} : { 'api-key': key };
}

/** Removes the parts that the portal shows behind the endpoint, because people paste it with or without them. */
function rootOf(baseUrl: string): string {
  const root = new URL(baseUrl);
  return `${root.origin}${root.pathname.replace(/(\/openai)?(\/v1)?\/*$/, '')}/openai`;
}

function without(operations: ReadonlySet<Operation>, operation: Operation): ReadonlySet<Operation> {
  return new Set([...operations].filter((each) => each !== operation));
}
