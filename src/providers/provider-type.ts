import type * as z from 'zod';
import type { Operation } from '../dialects/operation.ts';

/** The target of one call: everything that the URL depends on, and nothing secret. */
export interface UpstreamTarget {
  /** Base URL as configured; with or without its version segment. */
  baseUrl: string;
  operation: Operation;
  slug: string;
}

/** What the authentication of a request is made from. */
export interface UpstreamCredentials {
  /** The provider key in plain text, or null where the provider has none. */
  key: string | null;
  operation: Operation;
}

/** What the request for an upstream's model list is made from. */
export interface ModelListSource {
  /** Base URL as configured; with or without its version segment. */
  baseUrl: string;
  /** The provider key in plain text, or null where the provider has none. */
  key: string | null;
}

/** The request for an upstream's model list: a GET that costs nothing. */
export interface ModelListRequest {
  /** URL of the whole list or its first page; with `/{id}` added to its path, of one model. */
  url: string;
  headers: Record<string, string>;
  /** The API whose shape the answer has. */
  shape: 'openai' | 'anthropic' | 'google';
  /**
   * What it means if a name is not listed: `all` = there is no such model · `some` = the upstream may accept it
   * nevertheless · `none` = the list has other names than slugs.
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
  /** The provider's name in the bundled price list; null = look up prices by base URL only. */
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

/** Checks a provider type against its settings schema, and hides the type of the settings from the registry. */
export function defineProviderType<Schema extends z.ZodType>(
  type: Omit<ProviderType<z.output<Schema>>, 'settingsSchema'> & { settingsSchema: Schema },
): ProviderType {
  return type as unknown as ProviderType;
}
