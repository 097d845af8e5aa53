import { html } from './html.ts';

const WIDTH = 960;
const HEIGHT = 220;
const GAP = 0.22;

interface BarSeries {
  name: string;
  values: number[];
}

interface BarsProps {
  title: string;
  series: BarSeries[];
  /** What stands below the first, the middle and the last bar. */
  labels: string[];
  /** What a bar says of itself. */
  describe: (step: number) => string;
  /** What stands at the top of the scale. */
  topLabel: string;
}

/** Bars over time, one part for each series. */
export function StackedBars({ title, series, labels, describe, topLabel }: BarsProps) {
  const steps = series[0]?.values.length ?? 0;
  const sums = Array.from({ length: steps }, (_, step) =>
    series.reduce((sum, { values }) => sum + (values[step] ?? 0), 0),
  );
  const top = Math.max(...sums, Number.MIN_VALUE);
  const width = WIDTH / Math.max(1, steps);
  const bars = sums.map((_, step) => {
    let y = HEIGHT;
    const parts = series.map(({ values }, index) => {
      const height = ((values[step] ?? 0) / top) * (HEIGHT - 4);
      y -= height;
      return (
        height > 0 &&
        html`<rect class=${`series-${index}`} x=${step * width + (width * GAP) / 2}
        y=${y} width=${width * (1 - GAP)} height=${height} />`
      );
    });
    return html`<g class="bar"><rect class="hit" x=${step * width} y="0" width=${width}
      height=${HEIGHT} /><title>${describe(step)}</title>${parts}</g>`;
  });
  return html`
    <figure class="bars">
      <figcaption><span>${title}</span><span class="quiet">${topLabel}</span></figcaption>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${title}>
        ${[0.25, 0.5, 0.75].map(
          (part) => html`<line class="grid" x1="0" x2=${WIDTH}
          y1=${HEIGHT * part} y2=${HEIGHT * part} />`,
        )}
        ${bars}
        <line class="base" x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT} />
      </svg>
      <div class="axis">${labels.map((label) => html`<span>${label}</span>`)}</div>
    </figure>
  `;
}
