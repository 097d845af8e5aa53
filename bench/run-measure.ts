import { openLab } from './lab.ts';
import type { Contender, Measure, Sample } from './measure.ts';
import { type MeasureSummary, summarise } from './summarise.ts';
import type { TargetKind } from './targets/target-kind.ts';

/** Runs a measure in interleaved rounds, on fresh processes that are gone afterwards. */
export async function runMeasure(
  measure: Measure,
  targets: readonly TargetKind[],
  rounds: number,
): Promise<MeasureSummary> {
  const lab = await openLab(targets);
  try {
    const contenders = await measure.contenders(lab);
    const samples = new Map(contenders.map(({ name }): [string, Sample[]] => [name, []]));
    for (let round = 0; round < measure.warmUps; round += 1) {
      for (const contender of inTurn(contenders, round)) await contender.sample();
    }
    for (let round = 0; round < Math.ceil(rounds * (measure.share ?? 1)); round += 1) {
      for (const { name, sample } of inTurn(contenders, round)) {
        samples.get(name)?.push(await sample());
      }
    }
    return summarise(measure, samples, await lab.audit());
  } finally {
    await lab.close();
  }
}

/** Another order in each round, so that nobody always runs behind the same neighbour. */
function inTurn(contenders: readonly Contender[], round: number): Contender[] {
  const first = Math.floor(round / 2) % contenders.length;
  const turned = [...contenders.slice(first), ...contenders.slice(0, first)];
  return round % 2 === 0 ? turned : turned.reverse();
}
