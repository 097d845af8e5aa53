import type { Ledger } from '../usage/ledger.ts';

/** How late workers learn at most that the ledger fails, or takes lines again. */
const CHECK_EVERY_MS = 100;

/** Tells when calls are to be refused because the ledger fails, and when no longer. */
export function watchRefusals(
  ledger: Ledger,
  onChange: (refuses: boolean) => void,
): { isRefusing(): boolean; stop(): void } {
  let isRefusing = ledger.refuses();
  const timer = setInterval(() => {
    if (ledger.refuses() === isRefusing) return;
    isRefusing = !isRefusing;
    onChange(isRefusing);
  }, CHECK_EVERY_MS);
  timer.unref();
  return { isRefusing: () => isRefusing, stop: () => clearInterval(timer) };
}
