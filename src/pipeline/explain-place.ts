import { countOf } from '../core/count-of.ts';
import type { Operation } from '../dialects/operation.ts';
import { PROFILES, type Profile } from '../routing/profiles.ts';
import type { Comparison, Criterion } from '../routing/rank-endpoints.ts';
import { formatUsd } from '../usage/nano-usd.ts';
import type { Candidate, Ranking } from './candidates.ts';

/** What made an order of attempts. */
interface Order extends Ranking {
  comparison: Comparison;
  profile: Profile;
}

/** The sentence that says why an endpoint stands at its place in the order of attempts, from 0. */
export function explainPlace(order: Order, place: number): string {
  const { ranked, isExploring } = order;
  const candidate = ranked[place];
  if (candidate === undefined) return '';
  if (ranked.length === 1) return 'The only endpoint.';
  if (candidate.deferred) return `Left for last${ofTier(order)}: ${deferral(candidate)}.`;
  if (isExploring && place === 0) {
    const samples = countOf(candidate.samples, 'sample');
    return `First this time, to be measured: ${samples} so far.`;
  }
  // The one that is only explored is not what the next one is worse than.
  const above = isExploring && place === 1 ? undefined : ranked[place - 1];
  return above ? `Next: ${shortfall(candidate, above, order)}.` : explainFirst(candidate, order);
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

function ofTier({ ranked }: Order): string {
  return ranked.some(({ tier }) => tier !== ranked[0]?.tier) ? ' of its tier' : '';
}

function deferral({ circuit, isFull }: Candidate): string {
  if (isFull) return 'a limit of its own is reached';
  switch (circuit) {
    case 'waiting':
      return 'it asked to be left alone for a while';
    case 'probing':
      return 'it has been failing, and one call is trying it now';
    default:
      return 'it has been failing (open circuit)';
  }
}

function explainFirst(candidate: Candidate, order: Order): string {
  const { ranked } = order;
  const peers = ranked.filter(({ tier }) => tier === candidate.tier);
  if (peers.length === 1) return 'First: the only one with your own key (byok).';
  const isOwnKey = candidate.tier === 0 && peers.length < ranked.length;
  return `First${isOwnKey ? ' by your own key (byok)' : ''}: ${merit(candidate, order)}.`;
}

function merit(candidate: Candidate, { ranked, comparison, profile }: Order): string {
  const { axis } = PROFILES[profile];
  const best = `the best balanced score, ${scoreText(candidate, comparison)}`;
  if (axis === null) return best;
  if (candidate[axis] === null && axis !== 'cost') return `nobody is measured, ${best}`;
  if (candidate[axis] === null) {
    const [, next] = ranked;
    const criterion = next === undefined ? 'declared' : comparison.decisive(candidate, next);
    return `nobody is priced, ${advantage(candidate, criterion)}`;
  }
  return superlative(candidate, axis);
}

/** What puts an endpoint without a price before the one below it. */
function advantage(candidate: Candidate, criterion: Criterion): string {
  switch (criterion) {
    case 'latency':
    case 'throughput':
      return superlative(candidate, criterion);
    case 'uptime':
      return `it fails less often, up ${Math.round(candidate.uptime * 100)} %`;
    case 'dialect':
      return "it speaks the client's dialect";
    default:
      return 'declared first';
  }
}

function superlative(candidate: Candidate, axis: 'cost' | 'latency' | 'throughput'): string {
  const words = {
    cost: 'the cheapest',
    latency: 'the quickest to the first token',
    throughput: 'the fastest',
  };
  return `${words[axis]}, ${figure(candidate, axis)}`;
}

/** Why an endpoint comes behind the one above it: the first criterion on which they differ. */
function shortfall(candidate: Candidate, above: Candidate, { comparison }: Order): string {
  const criterion = comparison.decisive(above, candidate);
  switch (criterion) {
    case 'tier':
      return 'behind the providers with your own keys (byok)';
    case 'balanced':
      return `a balanced score of ${describeScores(comparison.score(candidate), comparison.score(above))}`;
    case 'cost':
      return candidate.cost === null ? 'unpriced' : `dearer, ${figure(candidate, 'cost')}`;
    case 'latency':
      return candidate.latency === null
        ? 'its first token has not been measured'
        : `slower to the first token, ${figure(candidate, 'latency')}`;
    case 'throughput':
      return candidate.throughput === null
        ? 'its speed has not been measured'
        : `slower, ${figure(candidate, 'throughput')}`;
    case 'uptime':
      return `fails more often, up ${Math.round(candidate.uptime * 100)} %`;
    case 'dialect':
      return 'no better, and it speaks another dialect than the client';
    default:
      return 'no better, and declared later';
  }
}

function figure({ cost, latency, throughput }: Candidate, axis: 'cost' | 'latency' | 'throughput') {
  switch (axis) {
    case 'cost':
      return `$${formatUsd(BigInt(cost ?? 0))} for this request`;
    case 'latency':
      return `${latency} ms`;
    case 'throughput':
      return `${(throughput ?? 0) / 10} tokens/s`;
  }
}

function scoreText(candidate: Candidate, comparison: Comparison): string {
  return comparison.score(candidate).toFixed(3);
}

/** Both scores, with as many digits as tell them apart. */
function describeScores(score: number, above: number): string {
  let digits = 3;
  while (digits < 9 && score.toFixed(digits) === above.toFixed(digits)) digits += 1;
  return `${score.toFixed(digits)} after ${above.toFixed(digits)}`;
}
