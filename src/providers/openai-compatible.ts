import * as z from 'zod';
import type { DialectId } from '../dialects/dialect.ts';
import type { Operation } from '../dialects/operation.ts';
import { DEFAULT_ANTHROPIC_VERSION } from './anthropic.ts';
import { joinUrl, operationPath } from './join-url.ts';
import { commonSettings, dialectsSetting, operationsOf } from './provider-settings.ts';
import {
  defineProviderType,
  type ModelListRequest,
  type ProviderType,
  type UpstreamCredentials,
} from './provider-type.ts';

interface CompatibleType {
  id: string;
  /** The dialects that it speaks unless its config names others. */
  dialects: DialectId[];
  /** What it means if a model is not listed. */
  lists: ModelListRequest['lists'];
}

/** A type for services that copy another's API; the config says which dialects they speak. */
export function defineCompatibleType({ id, dialects, lists }: CompatibleType): ProviderType {
  const settingsSchema = z.strictObject({
    ...commonSettings,
    dialects: dialectsSetting(...dialects),
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
    modelList({ baseUrl, key }, settings) {
      const { shape, path, operation } = LISTS[firstOf(settings.dialects)];
      const version = settings.api_version ?? (shape === 'google' ? 'v1beta' : 'v1');
      const headers = dialectHeaders({ key, operation });
      return { url: joinUrl(baseUrl, version, path), headers, shape, lists };
    },
  });
}

interface ListOfDialect extends Pick<ModelListRequest, 'shape'> {
  path: string;
  /** The operation whose credentials are sent. */
  operation: Operation;
}

const OPENAI_LIST: ListOfDialect = { shape: 'openai', path: '/models', operation: 'chat' };

/** A service that copies an API also copies its model list. */
const LISTS: Record<DialectId, ListOfDialect> = {
  'openai-chat': OPENAI_LIST,
  'openai-responses': OPENAI_LIST,
  'anthropic-messages': {
    shape: 'anthropic',
    path: '/models?limit=1000',
    operation: 'messages',
  },
  'google-generate-content': {
    shape: 'google',
    path: '/models?pageSize=1000',
    operation: 'generate_content',
  },
};

/** Prefers OpenAI's list, which most services have. */
function firstOf(dialects: readonly DialectId[]): DialectId {
  return dialects.find((dialect) => LISTS[dialect] === OPENAI_LIST) ?? dialects[0] ?? 'openai-chat';
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
