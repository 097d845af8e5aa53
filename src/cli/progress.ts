import { type Clock, systemClock } from '../core/clock.ts';

const PATIENCE_MS = 1_000;
const REDRAW_MS = 100;
const WIDTH = 30;

/** A bar on stderr for work that takes over a second, on a terminal only. */
export interface Progress {
  show(done: number, all: number): void;
  /** Leaves nothing behind. */
  clear(): void;
}

/** A bar that is not drawn before its time. */
export function createProgress(
  screen: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  clock: Pick<Clock, 'monotonicMs'> = systemClock,
): Progress {
  let nextMs = clock.monotonicMs() + PATIENCE_MS;
  let isDrawn = false;
  return {
    show(done, all) {
      if (!screen.isTTY || clock.monotonicMs() < nextMs) return;
      nextMs = clock.monotonicMs() + REDRAW_MS;
      isDrawn = true;
      const share = all === 0 ? 1 : Math.min(1, done / all);
      const filled = Math.round(share * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      const size = `${formatMegabytes(done)} of ${formatMegabytes(all)} MB`;
      screen.write(`\r${bar} ${Math.floor(share * 100)} %  ${size}\u001b[K`);
    },
    clear() {
      if (isDrawn) screen.write('\r\u001b[K');
      isDrawn = false;
    },
  };
}

function formatMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}
