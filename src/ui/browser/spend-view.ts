import { useState } from 'preact/hooks';
import { Choice } from './choice.ts';
import type { Group, Sums, Usage } from './data.ts';
import { count, exactUsd, stepLabel } from './format-figures.ts';
import { html } from './html.ts';
import { Sparkline } from './sparkline.ts';
import { StackedBars } from './stacked-bars.ts';
import { useAnswer } from './use-answer.ts';

const GROUPINGS = {
  model: 'Model',
  provider: 'Provider',
  api_key: 'Key',
  profile: 'Profile',
  session: 'Session',
};
const SPANS = { hour: '1 hour', day: '24 hours', week: '7 days', month: '30 days' };
const MEASURES = { money: 'Money', tokens: 'Tokens', calls: 'Calls' };

/** As many groups as have a colour of their own. */
const COLOURS = 6;
const EVERY_MS = 10_000;

const tokensOf = (sums: Sums) => sums.tokens_in + sums.tokens_out;
const MEASURE_OF: Record<string, (sums: Sums) => number> = {
  // For the height of a bar a rounded figure will do; what is written is exact.
  money: ({ nanos }) => Number(nanos),
  tokens: tokensOf,
  calls: ({ calls }) => calls,
};

/** What was spent, by whom and when. */
export function SpendView() {
  const [by, setBy] = useState('model');
  const [span, setSpan] = useState('day');
  const [measure, setMeasure] = useState('money');
  const { answer, error } = useAnswer<Usage>('usage', { by, span }, EVERY_MS);
  return html`
    <div class="controls">
      <${Choice} label="Grouped by" options=${GROUPINGS} value=${by} onPick=${setBy} />
      <${Choice} label="Time" options=${SPANS} value=${span} onPick=${setSpan} />
      <${Choice} label="Measured in" options=${MEASURES} value=${measure} onPick=${setMeasure} />
    </div>
    ${error && html`<p class="notice" role="alert">${error.message}</p>`}
    ${answer && html`<${UsageFigures} usage=${answer} measure=${measure} by=${by} />`}
  `;
}

interface FiguresProps {
  usage: Usage;
  measure: string;
  by: string;
}

function UsageFigures({ usage, measure, by }: FiguresProps) {
  const { total, groups } = usage;
  if (total.calls === 0) {
    return html`<p class="empty">No call in this time. <a href="#playground">Make one.</a></p>`;
  }
  return html`
    <div class="tiles">
      <div><dt>Spent</dt><dd class="money" id="spent">${exactUsd(BigInt(total.nanos))}</dd></div>
      <div><dt>Calls</dt><dd id="calls">${count(total.calls)}</dd></div>
      <div><dt>Failed</dt><dd>${count(total.errors)}</dd></div>
      <div><dt>Tokens in</dt><dd>${count(total.tokens_in)}</dd></div>
      <div><dt>Tokens out</dt><dd>${count(total.tokens_out)}</dd></div>
      ${total.unknown_costs > 0 && html`<div><dt>Cost not known</dt><dd>${count(total.unknown_costs)} calls</dd></div>`}
    </div>
    <${TimeBars} usage=${usage} measure=${measure} by=${by} />
    <${GroupTable} groups=${groups} measure=${measure} by=${by} />
    ${
      usage.others > 0 &&
      html`<p class="quiet">${count(usage.others)} more are not listed; they are in
      the totals. <code>signalbox usage</code> reads all.</p>`
    }
    ${usage.damaged > 0 && html`<p class="notice">${usage.damaged} damaged lines of the ledger are not counted.</p>`}
  `;
}

function TimeBars({ usage, measure, by }: FiguresProps) {
  const { groups, since, step_ms: stepMs, steps } = usage;
  const measureOf = MEASURE_OF[measure] ?? tokensOf;
  const series = groups.slice(0, COLOURS - 1).map((group) => ({
    name: nameOf(group, by),
    values: group.steps.map(measureOf),
  }));
  const rest = groups.slice(COLOURS - 1);
  if (rest.length > 0) {
    const values = Array.from({ length: steps }, (_, step) =>
      rest.reduce((sum, group) => sum + measureOf(group.steps[step] as Sums), 0),
    );
    series.push({ name: 'others', values });
  }
  const text = (value: number) =>
    measure === 'money' ? exactUsd(BigInt(Math.round(value))) : count(value);
  const sumAt = (step: number) => series.reduce((sum, { values }) => sum + (values[step] ?? 0), 0);
  const highest = Math.max(...Array.from({ length: steps }, (_, step) => sumAt(step)));
  const labels = [0, Math.floor(steps / 2), steps - 1].map((step) =>
    stepLabel(since + step * stepMs, stepMs),
  );
  return html`<${StackedBars} title=${`${MEASURES[measure as 'money']} over time`} series=${series}
    labels=${labels} topLabel=${`highest ${text(highest)}`}
    describe=${(step: number) => `${stepLabel(since + step * stepMs, stepMs)}: ${text(sumAt(step))}`} />`;
}

function GroupTable({ groups, measure, by }: Omit<FiguresProps, 'usage'> & { groups: Group[] }) {
  const measureOf = MEASURE_OF[measure] ?? tokensOf;
  const top = Math.max(...groups.map(measureOf), Number.MIN_VALUE);
  return html`<div class="scroll"><table class="groups">
    <thead><tr><th>Name</th><th class="grow"></th><th class="wide">Course</th><th class="right">Calls</th>
      <th class="right wide">Failed</th><th class="right wide">Tokens in</th><th class="right wide">Tokens out</th>
      <th class="right">Spent</th></tr></thead>
    <tbody>${groups.map(
      (group, index) => html`<tr>
        <td><span class=${`dot series-${Math.min(index, COLOURS - 1)}`}></span>${nameOf(group, by)}</td>
        <td class="grow"><span class="track"><span class=${`fill series-${Math.min(index, COLOURS - 1)}`}
          style=${{ width: `${(measureOf(group) / top) * 100}%` }}></span></span></td>
        <td class="wide"><${Sparkline} values=${group.steps.map(measureOf)} /></td>
        <td class="right">${count(group.calls)}</td>
        <td class=${group.errors > 0 ? 'right wide bad' : 'right wide quiet'}>${count(group.errors)}</td>
        <td class="right wide">${count(group.tokens_in)}</td>
        <td class="right wide">${count(group.tokens_out)}</td>
        <td class="right money">${spentBy(group)}</td>
      </tr>`,
    )}</tbody></table></div>`;
}

function spentBy({ nanos, calls, unknown_costs }: Group): string {
  if (unknown_costs === calls) return '—';
  return exactUsd(BigInt(nanos)) + (unknown_costs > 0 ? ' +' : '');
}

/** What a call without a name of that kind was. */
const NAMELESS: Record<string, string> = {
  model: '(no such model)',
  provider: '(sent to none)',
  api_key: '(no key)',
  session: '(no session)',
};

function nameOf({ name }: Group, by: string): string {
  return name ?? NAMELESS[by] ?? '(none)';
}
