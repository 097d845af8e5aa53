import type { CircuitState } from '../../src/routing/circuit.ts';

/** The settings that the model knows. */
export const MODEL_SETTINGS = { failures: 2, open: 10, max_open: 35 };

const ENDINGS = ['prove', 'succeed', 'fail', 'lasting', 'forget'] as const;

/** What can happen to a circuit. */
export const KINDS = ['begin', 'advance', 'wait', ...ENDINGS] as const;

export type Ending = (typeof ENDINGS)[number];
export type Kind = (typeof KINDS)[number];

interface CircuitEvent {
  kind: Kind;
  number: number;
  /** The attempt that an ending is of. */
  which: number;
}

/** FAI-4 in its own words: closed, open, or probing with one known attempt. */
export function createCircuitModel() {
  let is: 'closed' | 'open' | 'probing' = 'closed';
  let failures = 0;
  let pause = 0;
  let openUntil = 0;
  let quietUntil = 0;
  let probe = -1;
  /** How often it had opened when each attempt began. */
  const eras: number[] = [];
  let era = 0;

  const state = (nowMs: number): CircuitState => {
    if (nowMs < quietUntil) return 'waiting';
    if (is !== 'open') return is;
    return nowMs < openUntil ? 'open' : 'half-open';
  };
  const open = (nowMs: number, milliseconds: number) => {
    is = 'open';
    era += 1;
    pause = milliseconds;
    openUntil = nowMs + milliseconds;
  };
  const begin = (nowMs: number) => {
    if (state(nowMs) === 'half-open') {
      is = 'probing';
      probe = eras.length;
    }
    eras.push(era);
  };
  const fail = (isProbe: boolean, isLasting: boolean, nowMs: number) => {
    failures += 1;
    if (isProbe) open(nowMs, Math.min(35, pause * 2));
    else if (is === 'closed' && (isLasting || failures >= 2)) open(nowMs, 10);
  };
  const end = (kind: Ending, which: number, nowMs: number) => {
    const isProbe = is === 'probing' && probe === which;
    if (isProbe) is = kind === 'prove' ? 'closed' : 'open';
    if (kind === 'prove' || kind === 'forget' || eras[which] !== era) return;
    if (kind !== 'succeed') return fail(isProbe, kind === 'lasting', nowMs);
    is = 'closed';
    failures = 0;
  };
  return {
    state,
    take({ kind, number, which }: CircuitEvent, nowMs: number) {
      if (kind === 'begin') begin(nowMs);
      else if (kind === 'wait') quietUntil = Math.max(quietUntil, nowMs + number);
      else if (kind !== 'advance' && which < eras.length) end(kind, which, nowMs);
    },
  };
}
