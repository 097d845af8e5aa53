import { API_KEYS } from './config.ts';

/** As many rounds as a day has hours; each makes some calls at once. */
const ROUNDS = 24;
const HOUR_MS = 60 * 60 * 1000;

/** Who asks for what, and how long the answers are. */
const CALLERS = [
  { key: API_KEYS.ana, model: 'claude', tokens: 220, weight: 3 },
  { key: API_KEYS.ana, model: 'gpt-4.1', tokens: 140, weight: 2 },
  { key: API_KEYS.ben, model: 'gpt-4.1-clientA:cost', tokens: 160, weight: 2 },
  { key: API_KEYS.ben, model: 'fast', tokens: 110, weight: 3 },
  { key: API_KEYS.nightly, model: 'qwen3-32b', tokens: 180, weight: 2 },
  { key: API_KEYS.ana, model: 'azure:gpt41-eu', tokens: 130, weight: 1 },
  { key: API_KEYS.nightly, model: 'gpt-4.1:throughput', tokens: 90, weight: 1 },
];

const CONTEXT = 'The night train leaves at nine and the signals are green. ';

/** Makes the calls of a day, an hour after the other; `setBehind` tells how far ago each hour is. */
export async function makeCalls(url: string, setBehind: (ms: number) => void): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    setBehind((ROUNDS - 1 - round) * HOUR_MS);
    // Busy by day, quiet at night.
    const busy = 1 + Math.round(2 * Math.sin((Math.PI * round) / ROUNDS));
    const calls = CALLERS.flatMap((caller, at) =>
      (round + at) % (4 - busy) === 0 ? Array.from({ length: caller.weight }, () => caller) : [],
    );
    await Promise.all(calls.map((caller, at) => call(url, caller, round * 100 + at)));
  }
  await call(url, { key: API_KEYS.ben, model: 'gpt-5-typo', tokens: 10 }, 1);
  for (const caller of CALLERS) await call(url, caller, 7);
}

async function call(
  url: string,
  { key, model, tokens }: Omit<(typeof CALLERS)[number], 'weight'>,
  seed: number,
) {
  const content = `${CONTEXT.repeat(8 + (seed % 23))}Question ${seed}. [[tokens ${tokens + (seed % 37)}]]`;
  const body = {
    model,
    messages: [{ role: 'user', content }],
    max_tokens: 400,
    stream: seed % 3 > 0,
  };
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'x-signalbox-session': `session-${seed % 5}`,
    },
    body: JSON.stringify(body),
  });
  await response.text();
}
