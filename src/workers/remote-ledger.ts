import type { Ledger } from '../usage/ledger.ts';
import type { Link } from './link.ts';
import type { OwnerOperations } from './operations.ts';

/** The ledger that another process writes, as a worker sees it. */
export interface RemoteLedger extends Ledger {
  /** The owner says whether calls are to be refused. */
  setRefuses(refuses: boolean): void;
}

/** A line is safe when the promise resolves: the owner has written it as `usage.durability` says (LED-3). */
export function createRemoteLedger(owner: Link<OwnerOperations>): RemoteLedger {
  let isRefusing = false;
  return {
    append(line) {
      owner.tellText('line', line);
      return owner.handled();
    },
    state: () => ({ healthy: !isRefusing, lost: 0, lastError: undefined }),
    refuses: () => isRefusing,
    close: async () => {},
    setRefuses(refuses) {
      isRefusing = refuses;
    },
  };
}
