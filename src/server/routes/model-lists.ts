import type { Model } from '../../catalog/catalog.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { SurfaceId } from '../../surfaces/surface.ts';
import { describePricing } from '../../usage/describe-pricing.ts';
import type { ListedModel } from './models.ts';

/** How one API writes a list of models and one model of it (RES-8). */
export interface ListEncoder {
  list(models: readonly ListedModel[], query: URLSearchParams): unknown;
  item(model: ListedModel): unknown;
}

/** The list shapes by surface. */
export const listEncoders: Record<SurfaceId, ListEncoder> = {
  openai: {
    list: (models) => ({ object: 'list', data: models.map(openaiItem) }),
    item: openaiItem,
  },
  anthropic: {
    list(models, query) {
      const page = anthropicPage(models, query);
      return {
        data: page.items.map(anthropicItem),
        has_more: page.hasMore,
        first_id: page.items[0]?.name ?? null,
        last_id: page.items.at(-1)?.name ?? null,
      };
    },
    item: anthropicItem,
  },
  google: {
    list(models, query) {
      const { items, nextPageToken } = googlePage(models, query);
      return { models: items.map(googleItem), ...(nextPageToken ? { nextPageToken } : {}) };
    },
    item: googleItem,
  },
};

// https://platform.openai.com/docs/api-reference/models/object
function openaiItem({ name, model }: ListedModel) {
  return {
    id: name,
    object: 'model',
    // When a model was made is known to its provider alone; OpenAI's clients require a number.
    created: 0,
    owned_by: model.endpoints[0]?.provider.name ?? 'signalbox',
    signalbox: extension(model),
  };
}

// https://platform.claude.com/docs/en/api/models/list; the epoch stands for an unknown date there.
function anthropicItem({ name, model }: ListedModel) {
  return {
    type: 'model',
    id: name,
    display_name: name,
    created_at: '1970-01-01T00:00:00Z',
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line: null,
    max_input_tokens: model.contextWindow,
    max_tokens: model.maxOutputTokens,
    capabilities: null,
    signalbox: extension(model),
  };
}

// https://ai.google.dev/api/models#Model
function googleItem({ name, model }: ListedModel) {
  return {
    name: `models/${name}`,
    version: '001',
    displayName: name,
    ...(model.contextWindow === null ? {} : { inputTokenLimit: model.contextWindow }),
    ...(model.maxOutputTokens === null ? {} : { outputTokenLimit: model.maxOutputTokens }),
    supportedGenerationMethods:
      model.kind === 'embeddings'
        ? ['embedContent', 'batchEmbedContents']
        : ['generateContent', 'streamGenerateContent', 'countTokens'],
    signalbox: extension(model),
  };
}

/** What no provider's list says; clients may ignore it. */
function extension(model: Model) {
  const pricing = model.endpoints[0]?.billPricing ?? null;
  return {
    type: model.kind,
    capabilities: model.capabilities,
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    providers: [...new Set(model.endpoints.map(({ provider }) => provider.name))],
    pricing:
      pricing && describePricing(pricing, model.endpoints[0]?.provider.discountBasisPoints ?? 0),
  };
}

function anthropicPage(models: readonly ListedModel[], query: URLSearchParams) {
  const limit = readCount(query, 'limit', { fallback: 20, max: 1000 });
  const after = query.get('after_id');
  const before = query.get('before_id');
  if (after !== null && before !== null) throw invalid('Send after_id or before_id, not both.');
  if (before !== null) {
    const end = indexOf(models, before, 'before_id');
    const start = Math.max(0, end - limit);
    return { items: models.slice(start, end), hasMore: start > 0 };
  }
  const start = after === null ? 0 : indexOf(models, after, 'after_id') + 1;
  return { items: models.slice(start, start + limit), hasMore: start + limit < models.length };
}

function googlePage(models: readonly ListedModel[], query: URLSearchParams) {
  const size = readCount(query, 'pageSize', { fallback: 50, max: 1000 });
  const token = query.get('pageToken');
  const start = token === null ? 0 : indexOf(models, token, 'pageToken');
  const next = models[start + size];
  return { items: models.slice(start, start + size), nextPageToken: next?.name };
}

function indexOf(models: readonly ListedModel[], name: string, parameter: string): number {
  const index = models.findIndex((model) => model.name === name);
  if (index === -1) throw invalid(`${parameter} names no model of this list.`);
  return index;
}

function readCount(
  query: URLSearchParams,
  parameter: string,
  { fallback, max }: { fallback: number; max: number },
): number {
  const text = query.get(parameter);
  if (text === null || text === '') return fallback;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw invalid(`${parameter} is a number from 1 to ${max}.`);
  return Math.min(count, max);
}

function invalid(message: string): GatewayError {
  return new GatewayError('invalid_request', message);
}
