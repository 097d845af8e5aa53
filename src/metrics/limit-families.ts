import type { Family, Labels, Sample } from './family.ts';

/** What is told of one limit. */
interface LimitFigures {
  scope: string;
  name: string;
  word: string;
  timezone: string | null;
  max: number | bigint;
  used: number | bigint;
  resetsAtMs: number | null;
}

const MS_PER_SECOND = 1_000;

/** How the limits stand. Their labels are names of the config alone, so that there are so many of them. */
export function limitFamilies(limits: readonly LimitFigures[]): Family[] {
  const told = tightest(limits);
  const samplesOf = (figureOf: (limit: LimitFigures) => number | bigint | null) =>
    told.flatMap(({ labels, limit }): Sample[] => {
      const value = figureOf(limit);
      return value === null ? [] : [{ labels, value }];
    });
  return [
    {
      name: 'signalbox_limit_used',
      help: 'What is used of a limit, running calls included; US dollars in billionths.',
      type: 'gauge',
      samples: samplesOf(({ used }) => used),
    },
    {
      name: 'signalbox_limit_max',
      help: 'What may be used of it.',
      type: 'gauge',
      samples: samplesOf(({ max }) => max),
    },
    {
      name: 'signalbox_limit_reset_timestamp_seconds',
      help: 'When all of it is there again, since the epoch; absent where nothing is used.',
      type: 'gauge',
      samples: samplesOf(({ resetsAtMs }) => resetsAtMs && resetsAtMs / MS_PER_SECOND),
    },
  ];
}

/** A scope may have two budgets of one period; they count alike, and the smaller one decides. */
function tightest(limits: readonly LimitFigures[]) {
  const told = new Map<string, { labels: Labels; limit: LimitFigures }>();
  for (const limit of limits) {
    const { scope, name, word, timezone } = limit;
    const labels = { scope, name, limit: word, ...(timezone === null ? {} : { timezone }) };
    const id = JSON.stringify(labels);
    const known = told.get(id);
    if (known === undefined || limit.max < known.limit.max) told.set(id, { labels, limit });
  }
  return [...told.values()];
}
