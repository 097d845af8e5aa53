import type { AnswerKind } from './answer-kinds.ts';
import type { Lab, Target } from './lab.ts';
import type { TargetName } from './targets/target-kind.ts';

/** A bound of Signalbox's value over the baseline's. */
export type Goal = { atMost: number } | { atLeast: number };

/** One number that a measure takes of every contender. */
export interface Figure {
  label: string;
  /** Compare what it adds to the upstream's own value, instead of the value. */
  added?: boolean;
  /** More of it is better; of all others less is. */
  isRate?: boolean;
  goal?: Goal;
  /** What Signalbox's value over that of a peer should be, where the peer takes part. */
  peerGoals?: Partial<Record<TargetName, Goal>>;
  /** What Signalbox's value less the baseline's should be. */
  differenceGoal?: Goal;
  /** What Signalbox's value itself should be. */
  ownGoal?: Goal;
}

/** The values of one round by the figure's label; undefined where the system does not tell. */
export type Sample = Record<string, number | undefined>;

/** One of those that take turns in a round. */
export interface Contender {
  name: string;
  sample(): Promise<Sample>;
}

/** One file of `measures/`: what is done in a round, and what is read from it. */
export interface Measure {
  /** For --only. */
  name: string;
  title: string;
  figures: readonly Figure[];
  /** What Signalbox is divided by. */
  baseline: string;
  /** Rounds that are not counted: what runs for hours is measured after its code has been compiled. */
  warmUps: number;
  /** The part of the rounds asked for that suffices; 1 unless one takes long. */
  share?: number;
  /** In the order of the table's columns; the lab lives as long as the measure. */
  contenders(lab: Lab): Promise<Contender[]>;
}

/** The upstream and everything that stands before it, all running and checked, sampled by one function. */
export async function runningContenders(
  lab: Lab,
  kind: AnswerKind,
  sample: (target: Target) => Promise<Sample>,
): Promise<Contender[]> {
  const contenders = [{ name: 'upstream', sample: () => sample(lab.upstream) }];
  for (const name of lab.names) {
    const target = await lab.start(name);
    await lab.checkAnswer(target, kind);
    contenders.push({ name, sample: () => sample(target) });
  }
  return contenders;
}

/** A fresh process of each of those that can run here, in every round. */
export function freshContenders(
  lab: Lab,
  sample: (start: () => Promise<Target>) => Promise<Sample>,
): Contender[] {
  return lab.names.map((name) => ({ name, sample: () => sample(() => lab.start(name)) }));
}
