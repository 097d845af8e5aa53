/** So many of the numbers that were stored, from that place on. */
export type ReadNumbers = (at: number, size: number) => Uint32Array;

/** Numbers that come in parts and are stored as one. */
export interface NumberList {
  /** Adds a part; returns the place of its first number. */
  put(part: Uint32Array): number;
  join(): Uint32Array;
}

/** A list without numbers. */
export function createNumberList(): NumberList {
  const parts: Uint32Array[] = [];
  let size = 0;
  return {
    put(part) {
      const place = size;
      parts.push(part);
      size += part.length;
      return place;
    },
    join() {
      const all = new Uint32Array(size);
      let place = 0;
      for (const part of parts) {
        all.set(part, place);
        place += part.length;
      }
      return all;
    },
  };
}
