/** The place of an event's data: among the event's own bytes, or in a copy if several data lines were joined. */
export interface DataSpan {
  source: Buffer;
  dataStart: number;
  /** At or before the start if the event has no data, as with a comment. */
  dataEnd: number;
}

/** The data as a Buffer. Call it only when needed: most events pass without a view of their data. */
export function dataOf({ source, dataStart, dataEnd }: DataSpan): Buffer {
  return source.subarray(dataStart, dataEnd);
}

/** A span that covers the whole buffer. */
export function spanOf(data: Buffer): DataSpan {
  return { source: data, dataStart: 0, dataEnd: data.length };
}
