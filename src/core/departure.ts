import type { GatewayError } from './gateway-error.ts';

/**
 * Signals that a client has left or is being cut off. A cheaper AbortController: that one costs 10 µs on every
 * call, with its signal and one listener.
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
