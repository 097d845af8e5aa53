import { html } from './html.ts';

/** A small course over time. */
export function Sparkline({ values }: { values: number[] }) {
  const top = Math.max(...values, Number.MIN_VALUE);
  const last = Math.max(1, values.length - 1);
  const points = values.map((value, index) => `${(index / last) * 100},${19 - (value / top) * 17}`);
  return html`<svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
    <polygon points=${`0,20 ${points.join(' ')} 100,20`} /><polyline points=${points.join(' ')} />
  </svg>`;
}
