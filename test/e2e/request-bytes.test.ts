import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oddMembers, space, writeObject } from '../support/odd-json.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { plainAnswer, WIRES, type Wire } from '../support/wires.ts';

const members = oddMembers('model', 'stream', 'thread', 'requests', 'generateContentRequest');

describe('a request on its way upstream', () => {
  for (const wire of WIRES) {
    test(`RES-6: any ${wire.name} body arrives as sent, but for the model's name`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const proxy = await startProxy(t, oneModelConfig(upstream.url));
      const write = (parts: [string, string][][], model: string, gap: string) => {
        const named: [string, string][] =
          wire.name === 'gemini' ? [] : [['model', JSON.stringify(model)]];
        return writeObject([[parts[0] ?? [], named, parts[1] ?? []].flat(), gap]);
      };
      const property = fc.asyncProperty(members, members, space(), async (before, after, gap) => {
        const parts = [before, after];
        const response = await proxy.post(wire.path('m'), write(parts, 'm', gap));
        assert.equal(response.status, 200);
        await response.arrayBuffer();
        assert.equal(upstream.seen.at(-1)?.body.toString(), write(parts, 'slug-1', gap));
      });
      await fc.assert(property, { numRuns: 60 });
    });
  }

  test('RES-6: every duplicate of the model, however it is spelled, becomes the slug', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const body = '{"model" : "x", "n":1.0,"mod\\u0065l":"m" }';
    assert.equal((await proxy.post('/v1/chat/completions', body)).status, 200);
    const expected = '{"model" : "slug-1", "n":1.0,"mod\\u0065l":"slug-1" }';
    assert.equal(upstream.seen[0]?.body.toString(), expected);
  });

  test('RES-6: a long body arrives as sent too, wherever the name stands in it', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const proxy = await startProxy(t, oneModelConfig(upstream.url));
    const long = `"messages":"${'\\n 1.0 é'.repeat(40_000)}"`;
    const write = (model: string) => [
      `{"model" : "${model}",${long}}`,
      `{${long}, "model":"${model}" }`,
      `{${long},"model":"x${model}", ${long},"model":"${model}","n":1.0}`,
    ];
    const expected = write('slug-1').map((body) => body.replace('xslug-1', 'slug-1'));
    for (const [index, body] of write('m').entries()) {
      const response = await proxy.post('/v1/chat/completions', body);
      await response.arrayBuffer();
      assert.equal(response.status, 200);
      assert.equal(
        upstream.seen[index]?.headers['content-length'],
        String(Buffer.byteLength(expected[index] ?? '')),
      );
      assert.ok(upstream.seen[index]?.body.equals(Buffer.from(expected[index] ?? '')));
    }
  });

  test('RES-6: a model whose slug is its own name forwards every byte, odd escapes of it too', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const { models, ...config } = oneModelConfig(upstream.url);
    assert.ok(models);
    const proxy = await startProxy(t, { ...config, models: { m: { provider: 'up' } } });
    const body = '\n{ "messages":[],"model":"m","x":1e400 }\n';
    await proxy.post('/v1/chat/completions', body);
    assert.equal(upstream.seen[0]?.body.toString(), body);
  });

  const { gemini, chat } = Object.fromEntries(WIRES.map((wire) => [wire.name, wire]));
  const streamed = '{"model":"m","stream":true';
  const preferred = '{"model":"m","provider":{"order":["up"]}';
  const collisions: [wire: Wire, edits: object, sent: string, arrived: string][] = [
    ...['', ',"stream_options":null', ',"stream_options":{}'].map(
      (options): [Wire, object, string, string] => [
        chat!,
        { overrides: { stream_options: { include_usage: true } } },
        `${streamed}${options}}`,
        '{"model":"slug-1","stream":true,"stream_options":{"include_usage":true}}',
      ],
    ),
    [
      chat!,
      { defaults: { stream_options: { x: 1 } } },
      `${streamed}}`,
      '{"model":"slug-1","stream":true,"stream_options":{"x":1,"include_usage":true}}',
    ],
    [
      gemini!,
      { defaults: { generationConfig: { topP: 1 } } },
      '{"contents":[]}',
      '{"contents":[],"generationConfig":{"topP":1,"maxOutputTokens":77}}',
    ],
    [
      gemini!,
      { overrides: { generationConfig: { topP: 1 } } },
      '{"generationConfig":{"topP":0.5,"maxOutputTokens":5},"contents":[]}',
      '{"generationConfig":{"topP":1},"contents":[]}',
    ],
    [
      chat!,
      { overrides: { provider: { zdr: true }, max_tokens: 5 } },
      `${preferred},"max_completion_tokens":9}`,
      '{"model":"slug-1","provider":{"zdr":true},"max_tokens":5}',
    ],
    [
      chat!,
      { defaults: { temperature: 0.5, top_p: 1 } },
      `${preferred},"temperature":null,"provider":{}}`,
      '{"model":"slug-1","temperature":0.5,"top_p":1,"max_tokens":77}',
    ],
  ];
  for (const [wire, edits, sent, arrived] of collisions) {
    test(`RES-6: ${JSON.stringify(edits)} and our own edits make one body of ${sent}`, async (t) => {
      const upstream = await fakeUpstream(t, plainAnswer(wire));
      const { providers } = oneModelConfig(upstream.url) as { providers: { up: object } };
      const endpoints = ['up', 'second'].map((provider) => ({ provider, slug: 'slug-1' }));
      const proxy = await startProxy(t, {
        providers: { ...providers, second: providers.up },
        models: { m: { endpoints, pricing: 'none', config: edits } },
        policies: sent.startsWith(streamed) ? {} : { tokens: { max_output: 77 } },
      });
      await (await proxy.post(wire.path('m'), sent)).arrayBuffer();
      assert.equal(upstream.seen[0]?.body.toString(), arrived);
    });
  }

  test('what a model record sets is set, and nothing else changes', async (t) => {
    const upstream = await fakeUpstream(t, {});
    const { models, ...config } = oneModelConfig(upstream.url);
    assert.ok(models);
    const edits = { defaults: { temperature: 0.2, top_p: 1 }, overrides: { store: false, n: 1 } };
    const model = { provider: 'up', slug: 'slug-1', config: edits };
    const proxy = await startProxy(t, { ...config, models: { m: model } });
    await proxy.post('/v1/chat/completions', '{"model":"m", "top_p":0.90,"n" : 2.0}');
    const expected = '{"model":"slug-1", "top_p":0.90,"n" : 1,"temperature":0.2,"store":false}';
    assert.equal(upstream.seen[0]?.body.toString(), expected);
  });
});
