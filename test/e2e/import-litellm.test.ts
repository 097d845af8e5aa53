import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { composeConfig } from '../../src/importers/compose-config.ts';
import { importLitellm } from '../../src/importers/litellm/import-litellm.ts';
import { fakeEnvironment } from '../support/fake-environment.ts';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { startProxy } from '../support/start-proxy.ts';

const FORTY = readFileSync(
  new URL('../fixtures/litellm/forty-models.yaml', import.meta.url),
  'utf8',
);

const KEY = 'sk-master';

interface Imported {
  providers: Record<string, { base_url?: string }>;
  models: Record<string, { type?: string; slug?: string; endpoints?: { slug?: string }[] }>;
  model_alias: Record<string, string>;
}

/** What each kind of model is asked, by the route and body of LiteLLM's clients. */
const REQUESTS: Record<string, [path: string, body: object]> = {
  chat: ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Say hello.' }] }],
  embeddings: ['/v1/embeddings', { input: 'hello' }],
  image: ['/v1/images/generations', { prompt: 'a signal box' }],
  tts: ['/v1/audio/speech', { input: 'hello', voice: 'alloy' }],
  moderation: ['/v1/moderations', { input: 'hello' }],
};

/** One answer that every dialect reads as a whole one. */
const ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  content: [{ type: 'text', text: 'hi' }],
  stop_reason: 'end_turn',
  candidates: [{ content: { parts: [{ text: 'hi' }], role: 'model' }, finishReason: 'STOP' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, input_tokens: 1, output_tokens: 1 },
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
  data: [],
});

test('a LiteLLM config of forty models serves the same names after its import', async (t) => {
  const upstream = await fakeUpstream(t, { body: ANSWER });
  const config: Imported = parse(composeConfig(importLitellm(FORTY), 'litellm.yaml'));
  for (const provider of Object.values(config.providers)) provider.base_url = upstream.url;
  const text = stringify(config);
  const environment = { ...fakeEnvironment(text), LITELLM_MASTER_KEY: KEY };
  const proxy = await startProxy(t, { ...config }, { environment });
  const headers = { authorization: `Bearer ${KEY}` };

  const listed = await fetch(`${proxy.url}/v1/models`, { headers });
  const { data } = (await listed.json()) as { data: { id: string }[] };
  const names = Object.keys(config.models).filter((name) => !name.endsWith('*'));
  const aliases = Object.keys(config.model_alias);
  assert.deepEqual(data.map(({ id }) => id).sort(), [...names, ...aliases].sort());

  for (const name of [...names, ...aliases, 'openrouter/any/model']) {
    const resolved = config.model_alias[name] ?? name;
    const model = config.models[resolved] ?? { slug: resolved.replace('openrouter/', '') };
    if (model.type === 'transcription') continue;
    const [path, body] = REQUESTS[model.type ?? 'chat'] ?? ['', {}];
    const answer = await proxy.post(path, { model: name, ...body }, headers);
    assert.equal(answer.status, 200, `${name}: ${await answer.text()}`);
    const endpoints = model.endpoints ?? [{ slug: model.slug }];
    const slugs = endpoints.map(({ slug }) => slug ?? resolved);
    const { url = '', body: sent = Buffer.alloc(0) } = upstream.seen.at(-1) ?? {};
    const asked = decodeURIComponent(url) + sent.toString();
    assert.ok(
      slugs.some((slug) => asked.includes(slug)),
      `${name}: ${asked}`,
    );
  }
});
