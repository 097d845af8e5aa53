import type { Clock } from '../core/clock.ts';
import { type Circuit, type CircuitView, stateOf } from '../routing/circuit.ts';
import type { Link } from './link.ts';
import type { OwnerOperations, Tried } from './operations.ts';

/** A circuit of the owner's, which counts the failures of all workers, as one of them sees it. */
export interface RemoteCircuit extends Circuit {
  /** The owner tells what became of it. */
  show(view: CircuitView): void;
}

const UNTROUBLED: CircuitView = {
  failures: 0,
  openings: 0,
  isClosed: true,
  isProbed: false,
  openForMs: 0,
  waitForMs: 0,
};

/** A circuit of which no trouble was heard. */
export function createRemoteCircuit(
  owner: Link<OwnerOperations>,
  clock: Clock,
  trustKey: string,
): RemoteCircuit {
  let seen = UNTROUBLED;
  let seenAtMs = 0;

  const state = (nowMs: number) => {
    if (seen === UNTROUBLED) return 'closed';
    const ageMs = nowMs - seenAtMs;
    const { openForMs, waitForMs } = seen;
    return stateOf({ ...seen, openForMs: openForMs - ageMs, waitForMs: waitForMs - ageMs });
  };
  return {
    state,
    begin(nowMs) {
      const { openings } = seen;
      const isProbe = state(nowMs) === 'half-open';
      if (isProbe) {
        // This worker sends no second one while the owner hears of it.
        seen = { ...seen, isProbed: true };
        owner.tell('probing', trustKey);
      }
      const tell = (outcome: Tried['outcome']) =>
        owner.tell('tried', { trustKey, openings, isProbe, outcome });
      return {
        prove() {
          if (isProbe) tell('prove');
        },
        succeed() {
          // Success on a healthy circuit is not worth a message.
          if (isProbe || seen.failures > 0 || !seen.isClosed) tell('succeed');
        },
        fail: (_failedMs, isLasting) => tell(isLasting ? 'lasting' : 'fail'),
        forget() {
          if (isProbe) tell('forget');
        },
      };
    },
    wait: (_nowMs, milliseconds) => owner.tell('busy', { trustKey, milliseconds }),
    show(view) {
      seen = view;
      seenAtMs = clock.monotonicMs();
    },
  };
}
