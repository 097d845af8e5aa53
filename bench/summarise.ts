import type { Figure, Goal, Measure, Sample } from './measure.ts';
import { type Quantiles, quantiles, relativeSpread } from './statistics.ts';

/** What the rounds say about a goal; `unclear` when the middle half of them lies on both sides. */
export type Verdict = 'met' | 'missed' | Doubt;

/** Why the rounds say nothing. */
export type Doubt = (typeof DOUBTS)[number];

export const DOUBTS = ['unclear', 'too noisy', 'too few rounds'] as const;

/** One figure over all rounds. */
export interface FigureSummary {
  label: string;
  values: Record<string, Quantiles>;
  /** Signalbox over the baseline, taken in each round, so that a slow moment hits both. */
  ratio: Quantiles;
  goal: Goal | null;
  /** Null without a goal, unless the rounds differ too much to say anything. */
  verdict: Verdict | null;
}

/** One measure over all rounds. */
export interface MeasureSummary {
  name: string;
  title: string;
  baseline: string;
  contenders: string[];
  rounds: number;
  figures: FigureSummary[];
}

/** The samples of each contender by its name, a round at each index. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Fewer rounds have no middle half. */
const ENOUGH_ROUNDS = 3;

/** Rounds whose middle half lies further apart than this part of the median prove nothing. */
const TOO_NOISY = 0.25;

/** Medians, spreads and ratios of a measure's rounds; figures that the system hides are left out. */
export function summarise(measure: Measure, samples: Samples): MeasureSummary {
  const [rounds = []] = samples.values();
  return {
    name: measure.name,
    title: measure.title,
    baseline: measure.baseline,
    contenders: [...samples.keys()],
    rounds: rounds.length,
    figures: measure.figures
      .map((figure) => summariseFigure(figure, measure.baseline, samples))
      .filter(({ ratio }) => !Number.isNaN(ratio.median)),
  };
}

function summariseFigure(figure: Figure, baseline: string, samples: Samples): FigureSummary {
  const valuesOf = (name: string) =>
    (samples.get(name) ?? []).map((sample) => sample[figure.label] ?? Number.NaN);
  const floor = figure.added ? valuesOf('upstream') : [];
  const below = valuesOf(baseline);
  const ratio = quantiles(
    valuesOf('signalbox').map((value, round) => {
      const own = floor[round] ?? 0;
      return (value - own) / ((below[round] ?? Number.NaN) - own);
    }),
  );
  const goal = figure.goal ?? null;
  return {
    label: figure.label,
    values: Object.fromEntries(
      [...samples.keys()].map((name) => [name, quantiles(valuesOf(name))]),
    ),
    ratio,
    goal,
    verdict: below.length < ENOUGH_ROUNDS ? 'too few rounds' : judge(ratio, goal),
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
