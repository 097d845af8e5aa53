import type { Counter, Moment } from './counter.ts';
import type { BucketLimit } from './limit.ts';

/** One request, in thousandths: a rate of one a second brings back one of them each millisecond. */
const REQUEST = 1000;

/** A token bucket of requests: full at first, and filled at the limit's rate (POL-5). */
export function createBucketCounter(): Counter<BucketLimit> {
  /** How much the bucket lacks, so that a bucket which is made larger has the more at once. */
  let lacking = 0;
  let filledMs: number | null = null;

  function fill({ max }: BucketLimit, steadyMs: number): void {
    if (filledMs !== null && steadyMs <= filledMs) return;
    lacking = Math.max(0, lacking - (steadyMs - (filledMs ?? steadyMs)) * max);
    filledMs = steadyMs;
  }
  const wait = (limit: BucketLimit, missing: number) =>
    limit.max === 0 ? null : Math.max(0, Math.ceil(missing / limit.max));
  const capacity = ({ burst }: BucketLimit) => burst * REQUEST;

  return {
    fits(limit, { requests }, { steadyMs }: Moment) {
      fill(limit, steadyMs);
      return limit.max > 0 && lacking + requests * REQUEST <= capacity(limit);
    },
    take(_limit, { requests }) {
      lacking += requests * REQUEST;
    },
    settle(_limit, { claim }, used) {
      lacking = Math.max(0, lacking + (used.requests - claim.requests) * REQUEST);
    },
    restore(limit, { steadyMs }, { requests }) {
      fill(limit, steadyMs);
      lacking = Math.min(capacity(limit), lacking + requests * REQUEST);
    },
    left(limit, { steadyMs }) {
      fill(limit, steadyMs);
      return Math.max(0, Math.floor((capacity(limit) - lacking) / REQUEST));
    },
    waitMs(limit, { requests }, { steadyMs }) {
      fill(limit, steadyMs);
      const missing = lacking + requests * REQUEST - capacity(limit);
      return requests > limit.burst ? null : wait(limit, missing);
    },
    resetMs: (limit) => wait(limit, lacking),
    read(limit, { steadyMs, wallMs }) {
      fill(limit, steadyMs);
      const waitMs = lacking === 0 ? null : wait(limit, lacking);
      return {
        used: Math.ceil(lacking / REQUEST),
        resetsAtMs: waitMs === null ? null : wallMs + waitMs,
      };
    },
  };
}
