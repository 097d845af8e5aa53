/** Where the data of an event lies: among its own bytes, unless several lines had to be put together. */
export interface DataSpan {
  source: Buffer;
  dataStart: number;
  /** No later than the start where there are none, as in a comment. */
  dataEnd: number;
}

/** The data themselves. Made only where they are needed: most events pass without a view of them. */
export function dataOf({ source, dataStart, dataEnd }: DataSpan): Buffer {
  return source.subarray(dataStart, dataEnd);
}

/** All of those bytes as data. */
export function spanOf(data: Buffer): DataSpan {
  return { source: data, dataStart: 0, dataEnd: data.length };
}
