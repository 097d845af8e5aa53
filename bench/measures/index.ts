import type { Measure } from '../measure.ts';
import { burstStream } from './burst-stream.ts';
import { firstEvent } from './first-event.ts';
import { governedCall } from './governed-call.ts';
import { hugeBody, largeBody } from './large-body.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { openStreams } from './open-streams.ts';
import { pacedStream } from './paced-stream.ts';
import { startUp } from './start-up.ts';
import { version } from './version.ts';
import { workers } from './workers.ts';

/** Every measure, in the order of the report. */
export const measures: readonly Measure[] = [
  governedCall,
  latency,
  firstEvent,
  burstStream,
  pacedStream,
  largeBody,
  hugeBody,
  memory,
  openStreams,
  startUp,
  version,
  workers,
];
