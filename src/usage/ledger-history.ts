/** The newest lines of a ledger, in memory. */
export interface LedgerHistory {
  add(line: string): void;
  /** The lines, newest first. */
  newest(): Generator<string>;
}

/** A history of at most `size` lines that begins with those, given oldest first. */
export function createLedgerHistory(size: number, lines: readonly string[]): LedgerHistory {
  // A ring: the oldest line makes place for the newest, and nothing is moved.
  const ring = lines.slice(Math.max(0, lines.length - size));
  let next = ring.length % Math.max(1, size);
  return {
    add(line) {
      if (size === 0) return;
      ring[next] = line;
      next = (next + 1) % size;
    },
    *newest() {
      for (let age = 1; age <= ring.length; age += 1) {
        const line = ring[(next - age + ring.length) % ring.length];
        if (line !== undefined) yield line;
      }
    },
  };
}
