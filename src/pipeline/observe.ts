import type { Endpoint } from '../catalog/catalog.ts';
import type { AttemptMeasure } from '../routing/endpoint-stats.ts';
import type { Runtime } from './runtime.ts';

/** What an attempt showed of its endpoint. */
export interface Observation extends Omit<AttemptMeasure, 'succeeded'> {
  /**
   * `failure` = the endpoint's fault · `lasting` = a refused key, which will be refused again ·
   * `busy` = it asked for patience · `neither` = the client's mistake, or its departure.
   */
  verdict: 'success' | 'failure' | 'lasting' | 'busy' | 'neither';
  /** How long a busy endpoint wants to be left alone; null = it did not say. */
  retryAfterMs: number | null;
}

/** An attempt begins; on a half-open circuit it is the probe. */
export function observeStart(runtime: Runtime, endpoint: Endpoint): void {
  runtime.routing.circuit(idOf(endpoint)).begin(runtime.clock.monotonicMs());
}

/** An attempt has ended: its measurements count from the next choice on, and its circuit learns. */
export function observeEnd(runtime: Runtime, endpoint: Endpoint, observation: Observation): void {
  const { verdict, retryAfterMs, ...measure } = observation;
  const nowMs = runtime.clock.monotonicMs();
  const id = idOf(endpoint);
  const succeeded = verdict === 'neither' ? null : verdict === 'success';
  runtime.routing.stats(id).record({ ...measure, succeeded }, nowMs);
  const circuit = runtime.routing.circuit(id);
  if (verdict === 'success') circuit.succeed();
  else if (verdict === 'neither') circuit.forget();
  else if (verdict === 'busy' && retryAfterMs !== null) circuit.wait(nowMs, retryAfterMs);
  else circuit.fail(nowMs, verdict === 'lasting');
}

function idOf({ provider, slug, key }: Endpoint) {
  return { provider: provider.name, slug, key: key?.name ?? null };
}
