import { styleText } from 'node:util';
import type { Diagnosis } from '../app/doctor/diagnosis.ts';
import { countOf } from '../core/count-of.ts';
import { printable } from '../core/printable.ts';

const SUBJECT_WIDTH = 12;

const MARKS = {
  ok: { mark: '✓', style: 'green' },
  warning: { mark: '!', style: 'yellow' },
  failed: { mark: '✗', style: 'red' },
} as const satisfies Record<Diagnosis['state'], { mark: string; style: string }>;

/** A diagnosis in one line, and what to do in the next. */
export function formatDiagnosis({ subject, state, says, advice }: Diagnosis): string {
  const { mark, style } = MARKS[state];
  const head = `${styleText(style, mark, { stream: process.stdout })} ${subject.padEnd(SUBJECT_WIDTH)}`;
  const line = `${head} ${printable(says)}`;
  if (!advice) return line;
  const indent = ' '.repeat(SUBJECT_WIDTH + 3);
  return `${line}\n${indent}${styleText('dim', `→ ${printable(advice)}`, { stream: process.stdout })}`;
}

/** How many of each there were, and what was not looked at. */
export function summariseDiagnoses(diagnoses: readonly Diagnosis[], live: boolean): string {
  const count = (wanted: Diagnosis['state'], noun: string) => {
    const amount = diagnoses.filter(({ state }) => state === wanted).length;
    return amount === 0 ? [] : [countOf(amount, noun)];
  };
  const found = [...count('failed', 'problem'), ...count('warning', 'warning')];
  const summary = found.length === 0 ? 'All is well.' : `${found.join(', ')}.`;
  return live ? summary : `${summary} The providers were not asked: --live does that, at no cost.`;
}
