import type { GatewayError } from './gateway-error.ts';

/**
 * Tells whoever works for a client that the client has gone, or is sent away. An AbortController does
 * the same, at a cost that shows on every call (10 µs with its signal and one listener).
 */
export interface Departure {
  /** Why the call ends early; null while its client is there. */
  reason: GatewayError | null;
  readonly listeners: Set<(reason: GatewayError) => void>;
}

/** The departure of somebody who is still there. */
export function createDeparture(): Departure {
  return { reason: null, listeners: new Set() };
}

/** Tells every listener, once. */
export function depart(departure: Departure, reason: GatewayError): void {
  if (departure.reason !== null) return;
  departure.reason = reason;
  for (const listener of departure.listeners) listener(reason);
  departure.listeners.clear();
}
