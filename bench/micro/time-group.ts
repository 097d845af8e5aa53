import { type Quantiles, quantiles } from '../statistics.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** What the batches of one piece say. */
export interface PieceSummary {
  label: string;
  /** Processor time for each operation. */
  micros: Quantiles;
  /** Over the first piece of the group, taken batch by batch. */
  ratio: Quantiles;
}

export interface GroupSummary {
  name: string;
  title: string;
  pieces: PieceSummary[];
}

/** Long against the clock and its interruptions, short enough that all pieces see the same moments. */
const BATCH_MS = 20;
const BATCHES_PER_ROUND = 3;

/** Times the pieces of a group in interleaved batches, after a warm-up. */
export async function timeGroup(
  { name, title, pieces }: PieceGroup,
  rounds: number,
): Promise<GroupSummary> {
  const sizes: number[] = [];
  for (const piece of pieces) sizes.push(await findBatchSize(piece));
  const timings: number[][] = pieces.map(() => []);
  for (let batch = 0; batch < rounds * BATCHES_PER_ROUND; batch += 1) {
    for (const [index, piece] of pieces.entries()) {
      timings[index]?.push(await timeBatch(piece, sizes[index] ?? 1));
    }
  }
  const [baseline = []] = timings;
  return {
    name,
    title,
    pieces: pieces.map(({ label }, index) => {
      const own = timings[index] ?? [];
      const ratios = own.map((micros, batch) => micros / (baseline[batch] ?? Number.NaN));
      return { label, micros: quantiles(own), ratio: quantiles(ratios) };
    }),
  };
}

/** Doubles the runs until they fill a batch, by which time the piece is compiled. */
async function findBatchSize(piece: Piece): Promise<number> {
  let runs = 1;
  while ((await timeBatch(piece, runs)) * runs * piece.operations < BATCH_MS * 1000) runs *= 2;
  return runs;
}

/** What a piece returned last; stored where the compiler cannot prove that nobody looks. */
const lastResult: unknown[] = [];

async function timeBatch({ run, operations }: Piece, runs: number): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < runs; index += 1) {
    const result = run();
    lastResult[0] = result instanceof Promise ? await result : result;
  }
  // Processor time, collection of garbage included: other programs do not count.
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (runs * operations);
}
