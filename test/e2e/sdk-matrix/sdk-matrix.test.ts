import { test } from 'node:test';
import { DIALECT_IDS, startDialectUpstreams } from '../../support/dialect-upstreams.ts';
import { runScenario } from './run-scenario.ts';
import { CONTROLS } from './scenarios/controls.ts';
import { CONVERSATIONS } from './scenarios/conversations.ts';
import { REFUSALS } from './scenarios/refusals.ts';

const scenarios = Object.entries({ ...CONVERSATIONS, ...CONTROLS, ...REFUSALS });

const pairs = DIALECT_IDS.flatMap((surface) =>
  DIALECT_IDS.flatMap((upstream) => [
    { surface, upstream, stream: false },
    { surface, upstream, stream: true },
  ]),
);

test('API-4, API-6, X-77, X-81: the official SDKs, each with a provider of every dialect', async (t) => {
  const upstreams = await startDialectUpstreams(t);
  for (const pair of pairs) {
    const { surface, upstream, stream } = pair;
    for (const [name, scenario] of scenarios) {
      if (scenario.surfaces?.includes(surface) === false) continue;
      await t.test(`${surface} to ${upstream}, ${stream ? 'streamed' : 'plain'}: ${name}`, () =>
        runScenario(upstreams, pair, scenario),
      );
    }
  }
});
