const SECOND_MS = 1000;

let second = Number.NaN;
let prefix = '';

/** The moment as `Date.prototype.toISOString` writes it; only the first one of a second is computed whole. */
export function formatTime(ms: number): string {
  const started = Math.floor(ms / SECOND_MS);
  if (started !== second) {
    prefix = new Date(started * SECOND_MS).toISOString().slice(0, -'000Z'.length);
    second = started;
  }
  return `${prefix}${String(Math.floor(ms) - started * SECOND_MS).padStart(3, '0')}Z`;
}
