import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseMetrics } from '../support/parse-metrics.ts';
import { ROOT } from '../support/start-cli.ts';
import { startProxy } from '../support/start-proxy.ts';

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

describe('Grafana dashboard', () => {
  test('API-5: every metric that it asks for is one that /metrics tells', async (t) => {
    const text = readFileSync(join(ROOT, 'deploy/grafana-dashboard.json'), 'utf8');
    const { panels } = JSON.parse(text) as Dashboard;
    const proxy = await startProxy(t, {
      providers: { sim: { type: 'MOCK' } },
      models: { m: { provider: 'sim' } },
    });
    const { types } = parseMetrics(await (await fetch(`${proxy.url}/metrics`)).text());
    const isTold = (name: string) =>
      types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram';
    assert.ok(!isTold('signalbox_no_such_metric'));
    for (const { title, targets } of panels) {
      const names = targets.flatMap(({ expr }) => expr.match(/signalbox_\w+/g) ?? []);
      assert.ok(names.length > 0, `${title} asks for something`);
      assert.deepEqual(
        names.filter((name) => !isTold(name)),
        [],
        title,
      );
    }
  });
});
