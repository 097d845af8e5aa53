/** Nanos of US dollars as dollars, exact and without trailing zeros. */
export function exactUsd(nanos: bigint): string {
  const fraction = String(nanos % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `$${groupDigits(String(nanos / 1_000_000_000n))}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The cost of a call: exact, or a dash where it is not known. */
export function callCost(nanos: number | null): string {
  return nanos === null ? '—' : exactUsd(BigInt(nanos));
}

/** A count with its thousands apart. */
export function count(value: number): string {
  return groupDigits(String(value));
}

/** Milliseconds as people say them. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '—';
  if (value < 1000) return `${Math.round(value)} ms`;
  return value < 60_000 ? `${(value / 1000).toFixed(2)} s` : `${(value / 60_000).toFixed(1)} min`;
}

/** The time of day. */
export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour12: false });
}

/** The start of a step on the axis of time. */
export function stepLabel(ms: number, stepMs: number): string {
  const date = new Date(ms);
  const isShort = stepMs < 3_600_000 * 2;
  return isShort
    ? date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })
    : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
