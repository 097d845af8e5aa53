import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startProxy } from '../support/start-proxy.ts';

const ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1_000, completion_tokens: 0, total_tokens: 1_000 },
});

function listed(id: string, model: string) {
  const prices = { input_mtok: 7, output_mtok: 7 };
  return {
    id,
    name: id,
    api_pattern: 'x',
    models: [{ id: model, match: { equals: model }, prices }],
  };
}

test('MON-5: a fetched list prices calls from the next reload, and is forgotten with its file', async (t) => {
  const upstream = await fakeUpstream(t, { body: ANSWER });
  const logger = createRecordingLogger();
  const proxy = await startProxy(
    t,
    {
      providers: { openai: { type: 'OPENAI', base_url: upstream.url, keys: { a: 'sk-a' } } },
      models: { 'gpt-9': { provider: 'openai' } },
    },
    { logger },
  );
  const cost = async () => {
    const messages = [{ role: 'user', content: 'hi' }];
    const answer = await proxy.post('/v1/chat/completions', { model: 'gpt-9', messages });
    await answer.text();
    return answer.headers.get('x-signalbox-cost-usd');
  };
  const costAfterReload = async (expected: string | null) => {
    proxy.reload();
    await eventually('the reload', async () => (await cost()) === expected || undefined);
  };

  assert.equal(await cost(), null);
  const file = join(dirname(proxy.configFile), 'signalbox-prices.json');
  const providers = [listed('openai', 'gpt-9'), listed('anthropic', 'c'), listed('google', 'g')];
  await writeFile(file, JSON.stringify({ as_of: '2030-01-01T00:00:00Z', source: 'x', providers }));
  await costAfterReload('0.007');
  await rm(file);
  await costAfterReload(null);
  await writeFile(file, '{');
  proxy.reload();
  await eventually('the warning', () =>
    logger.entries.some(({ message }) => message.includes('is not used: it is no JSON')),
  );
});
