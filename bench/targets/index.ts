import { bare } from './bare.ts';
import { least } from './least.ts';
import { nginx } from './nginx.ts';
import { portkey } from './portkey.ts';
import { signalbox } from './signalbox.ts';
import type { TargetKind } from './target-kind.ts';

/** Run in every benchmark. */
export const OWN_TARGETS: readonly TargetKind[] = [bare, signalbox];

/** Between the two, with `--least`. */
export const LEAST_TARGETS: readonly TargetKind[] = [bare, least, signalbox];

/** What others offer; `npm run bench:peers` runs them too. */
export const PEERS: readonly TargetKind[] = [nginx, portkey];
