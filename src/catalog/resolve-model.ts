import { GatewayError } from '../core/gateway-error.ts';
import type { Profile, Suffix } from '../routing/profiles.ts';
import { splitSuffix } from '../routing/split-suffix.ts';
import type { Catalog, Model } from './catalog.ts';
import { findWildcard } from './find-wildcard.ts';

/** What a requested model string means (RES-1). */
export interface Resolution {
  /** The string as the client sent it. */
  requested: string;
  /** The alias that was followed. */
  alias: string | null;
  /** The record that grants, policies, prices and the ledger go by, whatever the suffix. */
  model: Model;
  profile: Profile;
  /** The profile was asked for by name, so nothing weaker may replace it (ROU-9). */
  isProfileNamed: boolean;
  /** Only endpoints of self-hosted providers (ROU-8). */
  discount: boolean;
  /** Only endpoints of this provider. */
  pinnedProvider: string | null;
}

/** A record that was looked up, and the suffix that its alias brought along. */
interface Match {
  model: Model;
  alias: string | null;
  suffix: Suffix | null;
}

/** Of a longer name no more is quoted, and no wildcard stands for it: it would be kept and sent on. */
const MAX_CHARACTERS = 256;

/** Resolves the model of a request; throws 400 for what is no name and 404 for an unknown one. */
export function resolveModel(catalog: Catalog, raw: unknown): Resolution {
  if (typeof raw !== 'string' || raw === '') {
    throw new GatewayError('invalid_request', 'Name a model: `model` must be a non-empty string.', {
      param: 'model',
    });
  }
  const match = matchExactly(catalog, raw, raw);
  if (match) return toResolution(raw, match, null);
  const split = splitSuffix(raw);
  if (split) {
    const base = matchExactly(catalog, split.base, raw) ?? matchWildcard(catalog, split.base);
    if (base) return toResolution(raw, { ...base, suffix: split.suffix }, null);
  }
  const pinned = matchPin(catalog, raw);
  if (pinned) return toResolution(raw, pinned, raw.slice(0, raw.indexOf(':')));
  const wildcard = matchWildcard(catalog, raw);
  if (wildcard) return toResolution(raw, wildcard, null);
  throw notFound(raw);
}

/** Resolves an entry of `fallbacks`, which names a model as the config has it: no alias, no suffix, no pin. */
export function resolveFallback(catalog: Catalog, name: string): Resolution {
  const match = matchName(catalog, name) ?? matchWildcard(catalog, name);
  if (match) return toResolution(name, match, null);
  throw notFound(name);
}

function toResolution(requested: string, match: Match, pinnedProvider: string | null): Resolution {
  const { model, alias, suffix } = match;
  const discount = suffix === 'discount';
  if (discount && !model.endpoints.some(({ provider }) => provider.selfHosted)) {
    throw notFound(requested);
  }
  const profile = suffix === null || suffix === 'discount' ? 'balanced' : suffix;
  const isProfileNamed = suffix !== null && !discount;
  return { requested, alias, model, profile, isProfileNamed, discount, pinnedProvider };
}

/** An alias, else a model or variant; an alias whose target is missing is no such model at all. */
function matchExactly(catalog: Catalog, name: string, requested: string): Match | null {
  const target = catalog.aliases.get(name);
  if (target === undefined) return matchName(catalog, name);
  const match = matchTarget(catalog, target);
  if (match === null) throw notFound(requested);
  return { model: match.model, alias: name, suffix: match.suffix };
}

function matchName(catalog: Catalog, name: string): Match | null {
  const model = catalog.models.get(name);
  return model ? { model, alias: null, suffix: null } : null;
}

/** An alias's target: a name, or a name with a suffix; never another alias (RES-2). */
function matchTarget(catalog: Catalog, target: string): Match | null {
  const match = matchName(catalog, target);
  if (match) return match;
  const split = splitSuffix(target);
  if (!split) return matchWildcard(catalog, target);
  const base = matchName(catalog, split.base) ?? matchWildcard(catalog, split.base);
  return base && { ...base, suffix: split.suffix };
}

function matchWildcard(catalog: Catalog, name: string): Match | null {
  const wildcard = name.length > MAX_CHARACTERS ? undefined : findWildcard(catalog, name);
  return wildcard ? { model: wildcard.bind(name), alias: null, suffix: null } : null;
}

/** `provider:model` or `provider:slug`. */
function matchPin(catalog: Catalog, raw: string): Match | null {
  const colon = raw.indexOf(':');
  const provider = raw.slice(0, Math.max(colon, 0));
  if (!catalog.providers.has(provider)) return null;
  const served = raw.slice(colon + 1);
  const named = matchName(catalog, served) ?? matchWildcard(catalog, served);
  if (named?.model.endpoints.some((endpoint) => endpoint.provider.name === provider)) return named;
  const model = catalog.pins.get(provider)?.get(served);
  return model ? { model, alias: null, suffix: null } : null;
}

function notFound(raw: string): GatewayError {
  const quoted = raw.length > MAX_CHARACTERS ? `${raw.slice(0, MAX_CHARACTERS)}…` : raw;
  return new GatewayError(
    'model_not_found',
    `The model \`${quoted}\` does not exist or you do not have access to it.`,
    { param: 'model', model: quoted },
  );
}
