import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 10;

/** Asks until the answer is neither null nor undefined nor false; fails after the deadline. */
export async function eventually<Answer>(
  what: string,
  ask: () => Answer | Promise<Answer>,
  deadlineMs = 30_000,
): Promise<NonNullable<Answer>> {
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain for ${what}`);
    await pause(STEP_MS);
  }
}
