import type { Operation } from '../dialects/operation.ts';
import { PROFILES, type Profile } from '../routing/profiles.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import type { Candidate, Ranking } from './candidates.ts';

/** The sentence that says why an endpoint stands at its place in the order of trial, from 0. */
export function explainPlace(
  { ranked, isExploring }: Ranking,
  place: number,
  profile: Profile,
): string {
  const candidate = ranked[place];
  if (candidate === undefined) return '';
  if (ranked.length === 1) return 'The only endpoint.';
  if (place === 0 && isExploring)
    return `First this time, to be measured: ${merit(candidate, profile)}.`;
  if (candidate.deferred) return `Left for last: ${deferral(candidate)}.`;
  const above = ranked[place - 1];
  if (above && above.tier < candidate.tier)
    return 'Behind the providers with your own keys (byok).';
  if (above === undefined && hasHigherTier(ranked))
    return `Your own key (byok), ${merit(candidate, profile)}.`;
  return `${above ? 'Next' : 'First'}: ${merit(candidate, profile)}.`;
}

/** The sentence that says why an endpoint is not tried at all. */
export function explainSkip({ endpoint, excluded }: Candidate, operation: Operation): string {
  const { provider, key } = endpoint;
  switch (excluded) {
    case 'provider_disabled':
      return `Never tried: provider ${provider.name} is disabled.`;
    case 'provider_api_key_revoked':
      return `Never tried: its provider key ${key?.name ?? ''} is revoked.`;
    case 'not_preferred':
      return 'Never tried: the request asks for others.';
    default:
      return `Never tried: provider ${provider.name} does not offer ${operation.replaceAll('_', ' ')}.`;
  }
}

function hasHigherTier(ranked: readonly Candidate[]): boolean {
  return ranked.some(({ tier }) => tier === 1) && ranked[0]?.tier === 0;
}

function deferral({ circuit }: Candidate): string {
  switch (circuit) {
    case 'waiting':
      return 'it asked to be left alone for a while';
    case 'probing':
      return 'it has been failing, and one call is trying it now';
    default:
      return 'it has been failing (open circuit)';
  }
}

function merit(candidate: Candidate, profile: Profile): string {
  const { axis } = PROFILES[profile];
  const facts = [costFact(candidate), latencyFact(candidate), throughputFact(candidate)];
  switch (axis) {
    case 'cost':
      return costFact(candidate);
    case 'latency':
      return candidate.latency === null
        ? `${latencyFact(candidate)}, so in balanced order`
        : latencyFact(candidate);
    case 'throughput':
      return candidate.throughput === null
        ? `${throughputFact(candidate)}, so in balanced order`
        : throughputFact(candidate);
    case null:
      return `${facts.join(', ')}, up ${Math.round(candidate.uptime * 100)} %`;
  }
}

function costFact({ cost }: Candidate): string {
  return cost === null ? 'unpriced' : `$${formatUsd(BigInt(cost))} for this request`;
}

function latencyFact({ latency }: Candidate): string {
  return latency === null ? 'first token not measured yet' : `${latency} ms to the first token`;
}

function throughputFact({ throughput }: Candidate): string {
  return throughput === null ? 'speed not measured yet' : `${throughput / 10} tokens/s`;
}
