import type { Clock } from '../core/clock.ts';
import type { OwnRoutingState } from '../routing/routing-state.ts';
import type { Link } from './link.ts';
import type { WorkerOperations } from './operations.ts';

/** Tells workers how circuits stand. */
export interface CircuitNews {
  /** A circuit may have changed. */
  tell(trustKey: string, links: Iterable<Link<WorkerOperations>>): void;
  /** A worker is new: it hears of every circuit that was ever in trouble. */
  tellAll(link: Link<WorkerOperations>): void;
}

/** More endpoints than any config has; slugs that clients invent cannot fill the memory. */
const MOST_REMEMBERED = 10_000;

/** No circuit was in trouble yet. */
export function createCircuitNews(routing: OwnRoutingState, clock: Clock): CircuitNews {
  const troubled = new Set<string>();

  const newsOf = (trustKey: string) => ({
    trustKey,
    view: routing.circuitOf(trustKey).view(clock.monotonicMs()),
  });
  return {
    tell(trustKey, links) {
      troubled.delete(trustKey);
      troubled.add(trustKey);
      const [oldest] = troubled;
      if (oldest !== undefined && troubled.size > MOST_REMEMBERED) troubled.delete(oldest);
      const news = newsOf(trustKey);
      for (const link of links) link.tell('circuit', news);
    },
    tellAll(link) {
      for (const trustKey of troubled) link.tell('circuit', newsOf(trustKey));
    },
  };
}
