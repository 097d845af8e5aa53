import type { Clock } from '../core/clock.ts';

/** List prices change on full minutes or days; a call may be priced this much too late. */
const CHECK_EVERY_MS = 1_000;

interface PriceWatch {
  clock: Clock;
  /** When the next price changes, in milliseconds since the epoch; null = not foreseen. */
  changeAt(): number | null;
  reprice(): void;
}

/**
 * Has prices looked up again when one of them changes, until it is stopped. It looks at the clock
 * instead of setting an alarm: machines sleep, clocks are set, and timers end after 24 days.
 */
export function watchPrices({ clock, changeAt, reprice }: PriceWatch): { stop(): void } {
  const timer = setInterval(() => {
    const moment = changeAt();
    if (moment !== null && clock.now() >= moment) reprice();
  }, CHECK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
