/** What endpoints are compared by. */
export type Axis = 'cost' | 'latency' | 'throughput' | 'uptime';

/** How a profile orders endpoints. */
export interface ProfileRule {
  /** The axis that decides; null = the weighted blend of cost, latency and throughput. */
  axis: 'cost' | 'latency' | 'throughput' | null;
  /** What decides between equals, in this order; the declared order comes last. */
  ties: readonly Axis[];
  /** The order of endpoints that the axis knows nothing of, behind those that it knows. */
  unknown: 'ties' | 'balanced';
}

/** The ways to order the endpoints of a model, the default first; each is a suffix of that name. */
export const PROFILES = {
  balanced: { axis: null, ties: ['cost'], unknown: 'ties' },
  cost: { axis: 'cost', ties: ['latency', 'throughput', 'uptime'], unknown: 'ties' },
  latency: { axis: 'latency', ties: ['throughput', 'cost', 'uptime'], unknown: 'balanced' },
  throughput: { axis: 'throughput', ties: ['latency', 'cost', 'uptime'], unknown: 'balanced' },
} as const satisfies Record<string, ProfileRule>;

export type Profile = keyof typeof PROFILES;

/** Every word that `model:word` understands: the profiles, and the pin on the self-hosted supply. */
export const SUFFIXES = [...(Object.keys(PROFILES) as Profile[]), 'discount'] as const;

export type Suffix = (typeof SUFFIXES)[number];
