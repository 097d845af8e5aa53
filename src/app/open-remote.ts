import type { MockUrls } from '../catalog/compile-providers.ts';
import type { Link } from '../workers/link.ts';
import type { OwnerOperations } from '../workers/operations.ts';
import { writeRecord } from '../workers/plain-record.ts';
import { createRemoteCounters } from '../workers/remote-counters.ts';
import { createRemoteLedger } from '../workers/remote-ledger.ts';
import { createRemoteRatios } from '../workers/remote-ratios.ts';
import { createRemoteRouting } from '../workers/remote-routing.ts';
import type { KeptResources, ResourcePlace } from './open-resources.ts';

interface RemotePlace extends ResourcePlace {
  /** Where the owner's simulators are. */
  mockUrls(): MockUrls;
}

/** What a worker uses in place of what its owner keeps. */
export function openRemote(owner: Link<OwnerOperations>, { config, clock, mockUrls }: RemotePlace) {
  return {
    ledger: createRemoteLedger(owner),
    // The owner keeps it, and answers the pages that show it.
    history: { add: () => {}, newest: function* () {} },
    meters: {
      count: (model, record) => owner.tell('count', [model, writeRecord(record)]),
      families: () => [],
    },
    tokenRatios: createRemoteRatios(owner),
    simulators: { urlsFor: async () => mockUrls(), close: async () => {} },
    routing: createRemoteRouting(owner, { clock, windowMs: config.routing.window }),
    counters: createRemoteCounters(owner),
    restoreLimits: async () => {},
  } satisfies KeptResources;
}
