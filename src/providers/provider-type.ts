import type * as z from 'zod';
import type { Operation } from '../dialects/operation.ts';

/** Where one call goes: everything of the URL, and nothing secret. */
export interface UpstreamTarget {
  /** Base URL as configured; with or without its version segment. */
  baseUrl: string;
  operation: Operation;
  slug: string;
}

/** What a provider type turns into the request's authentication. */
export interface UpstreamCredentials {
  /** The provider key in plain text, or null where the provider has none. */
  key: string | null;
  operation: Operation;
}

/** What is known of an upstream when its models are asked for. */
export interface ModelListSource {
  /** Base URL as configured; with or without its version segment. */
  baseUrl: string;
  /** The provider key in plain text, or null where the provider has none. */
  key: string | null;
}

/** How an upstream's models are asked for: a GET that costs nothing. */
export interface ModelListRequest {
  /** The whole list, or its first page; `/{id}` behind its path asks for one model. */
  url: string;
  headers: Record<string, string>;
  /** Whose shape the answer has. */
  shape: 'openai' | 'anthropic' | 'google';
  /**
   * What a name that is not listed means: `all` = there is no such model · `some` = the upstream may take
   * it nevertheless · `none` = slugs are other names than those that it lists.
   */
  lists: 'all' | 'some' | 'none';
}

/**
 * The code for one kind of upstream. Settings are the parsed `config` block of a provider; every
 * function is pure.
 */
export interface ProviderType<Settings = unknown> {
  /** The word in the config file, such as `OPENAI`. */
  readonly id: string;
  /** Null where the config must name one. */
  readonly defaultBaseUrl: string | null;
  /** False for an upstream that can be called without a key. */
  readonly needsKey: boolean;
  /** The name under which the bundled price list knows this API; null = look at the base URL only. */
  readonly priceListProvider: string | null;
  readonly settingsSchema: z.ZodType<Settings>;
  /** The operations that this upstream serves natively. */
  operations(settings: Settings): ReadonlySet<Operation>;
  /** Absolute URL of the operation, without the client's query. */
  url(target: UpstreamTarget, settings: Settings): string;
  /** Authentication and version headers; lower-case names. The client's version wins over ours. */
  headers(credentials: UpstreamCredentials, settings: Settings): Record<string, string>;
  modelList(source: ModelListSource, settings: Settings): ModelListRequest;
}

/** Types a provider type by its settings schema, and hides that type from the registry. */
export function defineProviderType<Schema extends z.ZodType>(
  type: Omit<ProviderType<z.output<Schema>>, 'settingsSchema'> & { settingsSchema: Schema },
): ProviderType {
  return type as unknown as ProviderType;
}
