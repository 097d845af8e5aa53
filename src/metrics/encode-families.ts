import type { Family, Labels, Sample } from './family.ts';

/** The media type of the text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Writes metrics in Prometheus' text format; a family without samples only says that it exists. */
export function encodeFamilies(families: readonly Family[]): string {
  return families.map(encodeFamily).join('');
}

function encodeFamily({ name, help, type, samples }: Family): string {
  const lines = samples.map((sample) => encodeSample(name, sample));
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function encodeSample(name: string, { suffix = '', labels, value }: Sample): string {
  return `${name}${suffix}${encodeLabels(labels)} ${value}\n`;
}

function encodeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

function escapeValue(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}
