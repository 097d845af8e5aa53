/** Lines of a table: the first column to the left, figures to the right, the rest to the left. */
export function formatTable(rows: readonly (readonly string[])[], figureColumns: number): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      const isFigure = column > 0 && column <= figureColumns;
      return isFigure ? cell.padStart(width) : cell.padEnd(width);
    }),
  );
  return lines.map((cells) => `  ${cells.join('  ')}`.trimEnd()).join('\n');
}

/** A number with as many digits as its size makes meaningful. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A ratio and between what the middle half of its values lies. */
export function formatRatio(ratio: { q1: number; median: number; q3: number }): string {
  const { q1, median, q3 } = ratio;
  return `${median.toFixed(2)} (${q1.toFixed(2)}–${q3.toFixed(2)})`;
}
