import * as z from 'zod';
import { DEFAULT_ANTHROPIC_VERSION } from './anthropic.ts';
import { joinUrl, operationPath } from './join-url.ts';
import {
  commonSettings,
  type DialectId,
  dialectsSetting,
  operationsOf,
} from './provider-settings.ts';
import {
  defineProviderType,
  type ProviderType,
  type UpstreamCredentials,
} from './provider-type.ts';

/** A type for services that copy another's API: which dialects they speak is configured. */
export function defineCompatibleType(id: string, defaults: DialectId[]): ProviderType {
  const settingsSchema = z.strictObject({
    ...commonSettings,
    dialects: dialectsSetting(...defaults),
    api_version: z
      .string()
      .optional()
      .describe('Version segment of the URL (v1; v1beta for Google routes); "" for none.'),
  });
  return defineProviderType({
    id,
    defaultBaseUrl: null,
    needsKey: false,
    priceListProvider: null,
    settingsSchema,
    operations: (settings) => operationsOf(settings.dialects),
    url: ({ baseUrl, operation, slug }, settings) => {
      const version = settings.api_version ?? (isGoogle(operation) ? 'v1beta' : 'v1');
      return joinUrl(baseUrl, version, operationPath(operation, slug));
    },
    headers: dialectHeaders,
  });
}

const googleOperations = operationsOf(['google-generate-content']);
const anthropicOperations = operationsOf(['anthropic-messages']);

const isGoogle = (operation: UpstreamCredentials['operation']) => googleOperations.has(operation);

function dialectHeaders({ key, operation }: UpstreamCredentials): Record<string, string> {
  if (anthropicOperations.has(operation)) {
    return {
      'anthropic-version': DEFAULT_ANTHROPIC_VERSION,
      ...(key === null ? {} : { 'x-api-key': key, authorization: `Bearer ${key}` }),
    };
  }
  if (key === null) return {};
  return isGoogle(operation) ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` };
}
