import assert from 'node:assert/strict';

const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?[\d.]+(?:e[+-]?\d+)?|\+Inf|NaN)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;

/** Reads Prometheus' text format, strictly: what it does not allow fails the test. */
export function parseMetrics(text: string) {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, family = '', rest = ''] = COMMENT.exec(line) ?? [];
    if (keyword === 'TYPE') {
      assert.ok(!types.has(family), `${family} is declared once`);
      types.set(family, rest);
    }
    if (keyword !== undefined) continue;
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(line);
    const base = name.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(name) || types.get(base) === 'histogram', `${name} has a type`);
    const id = idOf(name, parseLabels(labels));
    assert.ok(!samples.has(id), `${id} stands once`);
    samples.set(id, Number(value.replace('+Inf', 'Infinity')));
  }
  return {
    types,
    size: samples.size,
    /** The value of one sample; undefined where there is none. */
    value: (name: string, labels: Record<string, string>) => samples.get(idOf(name, labels)),
  };
}

function parseLabels(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  let read = 0;
  for (const [all, name = '', value = ''] of text.matchAll(LABEL)) {
    found[name] = value.replace(/\\(.)/g, (_, mark) => (mark === 'n' ? '\n' : mark));
    read += all.length;
  }
  assert.equal(read, text.length, `labels {${text}}`);
  return found;
}

function idOf(name: string, labels: Record<string, string>): string {
  return JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
