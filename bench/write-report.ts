import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawRatios } from './draw-ratios.ts';
import type { Machine } from './machine.ts';
import { formatMachine, formatMeasure } from './report.ts';
import type { MeasureSummary } from './summarise.ts';

interface Report {
  machine: Machine;
  summaries: readonly MeasureSummary[];
  doubts: string | null;
}

/** Writes benchmark.md, with every table, and its picture benchmark.svg into the folder. */
export function writeReport(folder: string, { machine, summaries, doubts }: Report): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'benchmark.svg'), drawRatios(summaries));
  const sections = [
    '# Benchmark',
    `${formatMachine(machine)}. All took turns in short rounds of one run, so the ratios hold where the figures do not.`,
    '![What Signalbox and others cost beside a bare proxy](benchmark.svg)',
    ...summaries.map((summary) => `\`\`\`text\n${formatMeasure(summary)}\n\`\`\``),
    ...(doubts === null ? [] : [doubts]),
  ];
  writeFileSync(join(folder, 'benchmark.md'), `${sections.join('\n\n')}\n`);
}
