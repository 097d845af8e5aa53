import type { Clock } from '../core/clock.ts';
import type { CircuitTrial } from '../routing/circuit.ts';
import type { OwnRoutingState } from '../routing/routing-state.ts';
import type { Tried } from './operations.ts';

/** The attempts of one worker as the owner's circuits see them. */
export interface Probes {
  begin(trustKey: string): void;
  judge(tried: Tried): void;
  /** No probe is under way any more; returns of which endpoints one was. */
  forgetAll(): string[];
}

/** No attempt is under way. */
export function createProbes(routing: OwnRoutingState, clock: Clock): Probes {
  const probes = new Map<string, CircuitTrial>();
  return {
    begin(trustKey) {
      const nowMs = clock.monotonicMs();
      const circuit = routing.circuitOf(trustKey);
      // Another worker's probe may have been faster: then this one is an attempt as any other.
      if (circuit.state(nowMs) === 'half-open') probes.set(trustKey, circuit.begin(nowMs));
    },
    judge({ trustKey, openings, isProbe, outcome }) {
      const probe = isProbe ? probes.get(trustKey) : undefined;
      const trial = probe ?? routing.circuitOf(trustKey).resume(openings);
      if (outcome === 'prove') return trial.prove();
      if (isProbe) probes.delete(trustKey);
      if (outcome === 'succeed') trial.succeed();
      else if (outcome === 'forget') trial.forget();
      else trial.fail(clock.monotonicMs(), outcome === 'lasting');
    },
    forgetAll() {
      const trustKeys = [...probes.keys()];
      for (const probe of probes.values()) probe.forget();
      probes.clear();
      return trustKeys;
    },
  };
}
