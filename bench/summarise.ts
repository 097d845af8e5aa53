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
  /** What the two are compared by; `value` = Signalbox's own has a goal. */
  by: 'ratio' | 'difference' | 'value';
  /** With whom; Signalbox itself for its value. */
  over: string;
  /** Taken in each round, so that a slow moment hits both. */
  result: Quantiles;
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
  const difference = () => {
    const below = valuesOf(baseline);
    return quantiles(
      valuesOf(SIGNALBOX).map((value, round) => value - (below[round] ?? Number.NaN)),
    );
  };
  const rounds = valuesOf(baseline).length;
  const compare = (
    by: Comparison['by'],
    over: string,
    [result, goal]: [Quantiles, Goal | undefined],
  ): Comparison => {
    const verdict = rounds < ENOUGH_ROUNDS ? 'too few rounds' : judge(result, goal ?? null);
    return { by, over, result, goal: goal ?? null, verdict };
  };
  const { differenceGoal, goal, ownGoal } = figure;
  const peers = Object.entries(figure.peerGoals ?? {}).filter(([peer]) => samples.has(peer));
  return {
    label: figure.label,
    isRate: figure.isRate ?? false,
    values: Object.fromEntries(names.map((name) => [name, quantiles(valuesOf(name))])),
    comparisons: [
      compare('ratio', baseline, [ratio(SIGNALBOX, baseline), goal]),
      ...peers.map(([peer, peerGoal]) =>
        compare('ratio', peer, [ratio(SIGNALBOX, peer), peerGoal]),
      ),
      ...(differenceGoal ? [compare('difference', baseline, [difference(), differenceGoal])] : []),
      ...(ownGoal ? [compare('value', SIGNALBOX, [quantiles(valuesOf(SIGNALBOX)), ownGoal])] : []),
    ],
    relative: Object.fromEntries(
      names
        .filter((name) => name !== baseline && name !== 'upstream')
        .map((name) => [name, ratio(name, baseline)]),
    ),
  };
}

function judge(result: Quantiles, goal: Goal | null): Verdict | null {
  const isNoisy = relativeSpread(result) > TOO_NOISY;
  if (goal === null) return isNoisy ? 'too noisy' : null;
  const isMet = (value: number) =>
    'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
  // However wide the spread is, one that lies on one side of the goal is an answer.
  if (isMet(result.q1) && isMet(result.q3)) return 'met';
  if (!isMet(result.q1) && !isMet(result.q3)) return 'missed';
  return isNoisy ? 'too noisy' : 'unclear';
}
