import { useEffect, useState } from 'preact/hooks';
import { type ApiError, ask } from './api.ts';
import { repeat } from './repeat.ts';

/** What came of a question so far. */
export interface Asked<Answer> {
  answer: Answer | null;
  error: ApiError | null;
}

/** Asks a route whenever the question changes, and again every so often while the page is seen. */
export function useAnswer<Answer>(
  path: string,
  query: Record<string, string> = {},
  everyMs = 0,
): Asked<Answer> {
  const [asked, setAsked] = useState<Asked<Answer>>({ answer: null, error: null });
  const question = JSON.stringify([path, query]);
  useEffect(
    () =>
      repeat(async (isWanted) => {
        const next = await ask<Answer>(path, query).then(
          (answer) => ({ answer, error: null }),
          (error: ApiError) => ({ answer: null, error }),
        );
        if (isWanted()) setAsked(next);
      }, everyMs),
    [question, everyMs],
  );
  return asked;
}
