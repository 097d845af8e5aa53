import type { LedgerAudit } from './audit-ledger.ts';
import type { Figure, Goal, Measure, Sample } from './measure.ts';
import { type Quantiles, quantiles, relativeSpread } from './statistics.ts';

/** What the rounds say about a goal; `unclear` when the middle half of them lies on both sides. */
export type Verdict = 'met' | 'missed' | Doubt;

/** Why the rounds say nothing. */
export type Doubt = (typeof DOUBTS)[number];

export const DOUBTS = ['unclear', 'too noisy', 'too few rounds'] as const;

/** Signalbox beside one of the others, or by itself. */
export interface Comparison {
  /** Null where the value itself has a goal. */
  over: string | null;
  /** Taken in each round, so that a slow moment hits both; without `over` the value. */
  ratio: Quantiles;
  goal: Goal | null;
  /** Null without a goal, unless the rounds differ too much to say anything. */
  verdict: Verdict | null;
}

/** One figure over all rounds. */
export interface FigureSummary {
  label: string;
  isRate: boolean;
  values: Record<string, Quantiles>;
  /** With the baseline first, then with each peer for which there is a goal, then by itself. */
  comparisons: Comparison[];
  /** Everybody's ratio to the baseline, for a picture. */
  relative: Record<string, Quantiles>;
}

/** One measure over all rounds. */
export interface MeasureSummary {
  name: string;
  title: string;
  baseline: string;
  contenders: string[];
  rounds: number;
  figures: FigureSummary[];
  audit: LedgerAudit;
}

/** The samples of each contender by its name, a round at each index. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Fewer rounds have no middle half. */
const ENOUGH_ROUNDS = 3;

/** Whom all of this is about. */
const SIGNALBOX = 'signalbox';

/** Rounds whose middle half lies further apart than this part of the median prove nothing. */
const TOO_NOISY = 0.25;

/** Medians, spreads and ratios of a measure's rounds; figures that the system hides are left out. */
export function summarise(measure: Measure, samples: Samples, audit: LedgerAudit): MeasureSummary {
  const [rounds = []] = samples.values();
  return {
    name: measure.name,
    title: measure.title,
    baseline: measure.baseline,
    contenders: [...samples.keys()],
    rounds: rounds.length,
    audit,
    figures: measure.figures
      .map((figure) => summariseFigure(figure, measure.baseline, samples))
      .filter(({ relative }) => !Number.isNaN(relative[SIGNALBOX]?.median ?? Number.NaN)),
  };
}

function summariseFigure(figure: Figure, baseline: string, samples: Samples): FigureSummary {
  const names = [...samples.keys()];
  const valuesOf = (name: string) =>
    (samples.get(name) ?? []).map((sample) => sample[figure.label] ?? Number.NaN);
  const floor = figure.added ? valuesOf('upstream') : [];
  const ratio = (name: string, over: string) => {
    const below = valuesOf(over);
    return quantiles(
      valuesOf(name).map((value, round) => {
        const own = floor[round] ?? 0;
        return (value - own) / ((below[round] ?? Number.NaN) - own);
      }),
    );
  };
  const rounds = valuesOf(baseline).length;
  const compare = (over: string | null, goal: Goal | null): Comparison => {
    const toSignalbox = over === null ? quantiles(valuesOf(SIGNALBOX)) : ratio(SIGNALBOX, over);
    const verdict = rounds < ENOUGH_ROUNDS ? 'too few rounds' : judge(toSignalbox, goal);
    return { over, ratio: toSignalbox, goal, verdict };
  };
  const peers = Object.entries(figure.peerGoals ?? {}).filter(([peer]) => samples.has(peer));
  return {
    label: figure.label,
    isRate: figure.isRate ?? false,
    values: Object.fromEntries(names.map((name) => [name, quantiles(valuesOf(name))])),
    comparisons: [
      compare(baseline, figure.goal ?? null),
      ...peers.map(([peer, goal]) => compare(peer, goal)),
      ...(figure.ownGoal ? [compare(null, figure.ownGoal)] : []),
    ],
    relative: Object.fromEntries(
      names
        .filter((name) => name !== baseline && name !== 'upstream')
        .map((name) => [name, ratio(name, baseline)]),
    ),
  };
}

function judge(ratio: Quantiles, goal: Goal | null): Verdict | null {
  const isNoisy = relativeSpread(ratio) > TOO_NOISY;
  if (goal === null) return isNoisy ? 'too noisy' : null;
  const isMet = (value: number) =>
    'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
  // However wide the spread is, one that lies on one side of the goal is an answer.
  if (isMet(ratio.q1) && isMet(ratio.q3)) return 'met';
  if (!isMet(ratio.q1) && !isMet(ratio.q3)) return 'missed';
  return isNoisy ? 'too noisy' : 'unclear';
}
