import { useEffect, useState } from 'preact/hooks';
import { type ApiError, ask } from './api.ts';
import type { Call } from './data.ts';
import { repeat } from './repeat.ts';

/** As many as are kept in view. */
const MAX_CALLS = 200;
const EVERY_MS = 1000;

interface Followed {
  /** The newest first; null until the first answer. */
  calls: Call[] | null;
  error: ApiError | null;
}

/** Follows the ledger: each second it asks for what has come behind the last line that it knows. */
export function useCalls(): Followed {
  const [followed, setFollowed] = useState<Followed>({ calls: null, error: null });
  useEffect(() => {
    let cursor: string | null = null;
    let calls: Call[] = [];
    return repeat(async (isWanted) => {
      try {
        const news: { cursor: string; calls: Call[] } = await ask('calls', { after: cursor ?? '' });
        const isNews = news.calls.length > 0 || cursor === null;
        cursor = news.cursor;
        calls = [...news.calls.reverse(), ...calls].slice(0, MAX_CALLS);
        if (isWanted() && isNews) setFollowed({ calls, error: null });
      } catch (error) {
        if (isWanted()) setFollowed({ calls, error: error as ApiError });
      }
    }, EVERY_MS);
  }, []);
  return followed;
}
