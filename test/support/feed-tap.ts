import { spanOf } from '../../src/dialects/data-span.ts';
import type { StreamReading, WireFormat } from '../../src/dialects/wire-format.ts';

/** What a format's tap has read after those events, given as objects or as the bytes of their data. */
export function feedTap(format: WireFormat, ...events: (object | string)[]): StreamReading {
  const tap = format.createStreamTap();
  for (const event of events) {
    const data = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
    tap.push(spanOf(data));
  }
  return tap.reading;
}
