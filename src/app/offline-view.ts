import { type CatalogSource, compileCatalog } from '../catalog/compile.ts';
import { systemClock } from '../core/clock.ts';
import type { RoutingView } from '../pipeline/runtime.ts';
import { createRoutingState } from '../routing/routing-state.ts';

/** What the choice of endpoints sees before anything was measured: the config alone. */
export function offlineView(source: CatalogSource): RoutingView {
  const routingSettings = source.config.routing;
  return {
    catalog: compileCatalog(source),
    routingSettings,
    routing: createRoutingState({
      windowMs: routingSettings.window,
      circuit: routingSettings.circuit,
      random: () => 0,
    }),
    clock: systemClock,
  };
}
