import type { ModelConfig } from '../config/model-schema.ts';
import type { Operation } from '../dialects/operation.ts';
import type { Limit } from '../policies/limit.ts';
import type { Rules } from '../policies/rules.ts';
import type { CapsSettings } from '../providers/caps-schema.ts';
import type { ProviderType } from '../providers/provider-type.ts';
import type { EndpointId } from '../routing/endpoint-id.ts';
import type { SealedSecret } from '../secrets/sealed-secret.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Pricing } from '../usage/pricing.ts';

/** One upstream secret of a provider. */
export interface ProviderKey {
  name: string;
  secret: Secret | SealedSecret;
  /** What may be shown of it. */
  preview: string;
  revoked: boolean;
}

/** A configured upstream service. */
export interface Provider {
  name: string;
  /** The label for people. */
  label: string;
  type: ProviderType;
  baseUrl: string;
  /** Until the headers, then between bytes. */
  timeoutMs: number;
  enabled: boolean;
  /** Ranks ahead of the others (ROU-7). */
  byok: boolean;
  /** The supply that `:discount` pins (ROU-8). */
  selfHosted: boolean;
  /** Hundredths of a percent: 2500 takes a quarter off. */
  discountBasisPoints: number;
  /** The parsed `config` block; its type's functions understand it. */
  settings: unknown;
  /** `config.headers`: added to every request, and stronger than what the client sent. */
  headers: Readonly<Record<string, string>>;
  keys: ReadonlyMap<string, ProviderKey>;
}

/** One way to serve a model: provider, key and slug, with what it costs there. */
export interface Endpoint {
  /** Position in the declared order, from 0. */
  index: number;
  /** Under what routing remembers it. */
  id: EndpointId;
  provider: Provider;
  slug: string;
  key: ProviderKey | null;
  operations: ReadonlySet<Operation>;
  /** What the config says of its abilities: provider, then model, then endpoint. */
  caps: CapsSettings;
  /** What ranking compares (MON-5); null = unpriced. */
  rankPricing: Pricing | null;
  /** What the ledger bills (MON-5); null = unpriced. */
  billPricing: Pricing | null;
  hints: { ttftMs: number | undefined; tokensPerSecond: number | undefined };
  /** What an attempt here must pass. */
  rules: Rules;
}

/** What a model is for. */
export type ModelKind = NonNullable<ModelConfig['type']>;

/** Changes to the body and headers that a model record asks for. */
export interface ModelEdits {
  /** Body fields set when the client left them out; values as JSON text. */
  defaults: readonly (readonly [field: string, json: string])[];
  /** Body fields set whatever the client sent; values as JSON text. */
  overrides: readonly (readonly [field: string, json: string])[];
  headers: Readonly<Record<string, string>>;
}

/** A name that clients may ask for. */
export interface Model {
  name: string;
  /** The model that this is a variant of. */
  variantOf: string | null;
  kind: ModelKind;
  capabilities: readonly string[];
  contextWindow: number | null;
  maxOutputTokens: number | null;
  endpoints: readonly Endpoint[];
  edits: ModelEdits;
  /** `requested` rewrites the answer's model to the name that the client sent (RES-7). */
  responseModel: 'upstream' | 'requested';
  fallbacks: readonly string[];
  /** What its calls must pass, whoever makes them. */
  rules: Rules;
}

/** A model whose name and slug hold one `*`, which stands for the rest of the requested name. */
export interface WildcardModel {
  model: Model;
  /** The name up to the `*`. */
  prefix: string;
  /** The model that a requested name gets: its name and its endpoints' slugs filled in. */
  bind(name: string): Model;
}

/** What a client presents to the proxy, by digest. */
export interface ApiKey {
  name: string;
  /** SHA-256 of the key. */
  digest: Buffer;
  grants: (model: string) => boolean;
  organisation: string | null;
  team: string | null;
  user: string | null;
  namespace: string;
  /** Milliseconds since the epoch. */
  expiresAt: number | null;
  revoked: boolean;
  /** What its calls must pass: its own rules, and those of everybody that it belongs to. */
  rules: Rules;
  /** Its budgets let calls pass whose price is not known (BUD-4). */
  allowsUnpriced: boolean;
}

/** All that exists, compiled for look-up. Immutable: a reload makes another one. */
export interface Catalog {
  /** First 12 hex characters of the SHA-256 of the config's text. */
  configHash: string;
  /** Models and variants by name, in the order declared. */
  models: ReadonlyMap<string, Model>;
  /** Longest prefix first. */
  wildcards: readonly WildcardModel[];
  aliases: ReadonlyMap<string, string>;
  providers: ReadonlyMap<string, Provider>;
  /**
   * By provider, then slug: the model that `provider:slug` means, with the endpoints that it pins.
   * A model comes before its variants.
   */
  pins: ReadonlyMap<string, ReadonlyMap<string, Model>>;
  /** PEM files that open encrypted provider keys, by key id. */
  privateKeyFiles: Readonly<Record<string, string>>;
  /** By hex SHA-256 of the key; null = open mode (KEY-2). */
  apiKeys: ReadonlyMap<string, ApiKey> | null;
  /** SHA-256 of the admin key; null where the config names none. */
  adminDigest: Buffer | null;
  /** When a list price in here stops to apply, in milliseconds since the epoch; null = not foreseen. */
  pricesChangeAt(): number | null;
  /** What every call must pass; an API key's rules hold them too. */
  rules: Rules;
  /** Every limit there is, in the order of scopes. */
  limits: readonly Limit[];
}
