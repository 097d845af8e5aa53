import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { createFlatNames } from '../../src/dialects/openai-responses/flat-names.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { capturesOf, sendCapture } from '../support/captures.ts';
import { startProxy } from '../support/start-proxy.ts';

const FOREIGN = ['openai-chat', 'anthropic-messages', 'google-generate-content'] as const;

/** A proxy whose models all speak one dialect that is not Codex's. */
async function proxyTo(t: TestContext, dialect: string, routing: JsonObject = {}) {
  const simulator = await startSimulator();
  t.after(() => simulator.close());
  return startProxy(t, {
    providers: {
      foreign: {
        type: 'CUSTOM',
        base_url: simulator.url,
        keys: { default: 'sk-foreign-000' },
        config: { dialects: [dialect] },
      },
    },
    models: { 'gpt-*': { provider: 'foreign', slug: 'sim', pricing: 'none' } },
    api_keys: { codex: { key: 'sk-fake-000', models: ['*'] } },
    routing,
  });
}

const [, tools, , inside] = capturesOf('codex');

/** What Codex sends with tools inside of its input, asking the simulated model for those calls. */
function askFor(text: string, ...history: JsonObject[]): JsonObject {
  const [additional] = inside!.body!['input'] as JsonObject[];
  return {
    model: 'gpt-6.1-sol',
    store: false,
    input: [additional, { role: 'user', content: text }, ...history],
  };
}

const CREDENTIAL = { authorization: 'Bearer sk-fake-000' };

describe('Codex on providers of other dialects', () => {
  for (const dialect of FOREIGN) {
    test(`${dialect}: captured requests are served, what only OpenAI has is left out`, async (t) => {
      const proxy = await proxyTo(t, dialect);
      for (const capture of [tools!, inside!]) {
        const answer = await sendCapture(proxy.url, capture);
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.text, /event: response\.completed\n.*\n\n$/);
      }
    });

    test(`${dialect}: tools that stand in both places are declared once`, async (t) => {
      const proxy = await proxyTo(t, dialect);
      const asked = askFor('[[tool collaboration__list_agents {}]]');
      const [additional] = asked['input'] as JsonObject[];
      const both = { ...asked, tools: additional?.['tools'] };
      const answer = await proxy.post('/v1/responses', both, CREDENTIAL);
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      assert.match(text, /"name":"list_agents"/);
    });

    test(`${dialect}: calls come back in their namespace, custom ones as text`, async (t) => {
      const proxy = await proxyTo(t, dialect);
      const asked = askFor(
        '[[tool exec {"input":"text(1)"}]] [[tool collaboration__list_agents {"path_prefix":"a"}]]',
      );
      const first = await proxy.post('/v1/responses', asked, CREDENTIAL);
      const { output } = (await first.json()) as { output: JsonObject[] };
      const calls = output.filter(({ type }) => String(type).endsWith('_call'));
      const named = calls.map(({ type, namespace, name, input, arguments: json }) => [
        type,
        namespace,
        name,
        input ?? JSON.parse(String(json)),
      ]);
      assert.deepEqual(named, [
        ['custom_tool_call', 'functions', 'exec', 'text(1)'],
        ['function_call', 'collaboration', 'list_agents', { path_prefix: 'a' }],
      ]);

      const results = calls.map(({ type, call_id }) => ({
        type: `${type}_output`,
        call_id,
        output: 'done-42',
      }));
      const again = askFor('go', ...calls, ...results);
      const second = await proxy.post('/v1/responses', again, CREDENTIAL);
      assert.equal(second.status, 200, await second.clone().text());
      assert.match(await second.text(), /done-42/);
    });
  }

  test('strict translation refuses what would be left out, by its place', async (t) => {
    const proxy = await proxyTo(t, 'openai-chat', { strict_translation: true });
    const body = {
      model: 'gpt-5.5',
      input: 'hi',
      tools: [{ type: 'function', name: 'f' }, { type: 'tool_search' }],
    };
    const answer = await proxy.post('/v1/responses', body, CREDENTIAL);
    assert.equal(answer.status, 400);
    assert.equal(JSON.parse(await answer.text()).error.param, 'tools[1]');
  });

  test('a hosted tool beside functions is dropped with a warning, alone it is refused', async (t) => {
    const proxy = await proxyTo(t, 'openai-chat');
    const hosted = { type: 'image_generation' };
    const offered = [{ type: 'function', name: 'f' }, hosted];
    const beside = await proxy.post(
      '/v1/responses',
      { model: 'gpt-5.5', input: 'hi', tools: offered },
      CREDENTIAL,
    );
    assert.equal(beside.status, 200);
    assert.equal(beside.headers.get('x-signalbox-warnings'), 'dropped;field=tools[1]');
    const alone = await proxy.post(
      '/v1/responses',
      { model: 'gpt-5.5', input: 'hi', tools: [hosted] },
      CREDENTIAL,
    );
    assert.equal(alone.status, 400);
  });

  for (const dialect of FOREIGN) {
    test(`${dialect}: names that would be one when flat are told apart, and come back`, async (t) => {
      const proxy = await proxyTo(t, dialect);
      const fn = (name: string) => ({ type: 'function', name, parameters: { type: 'object' } });
      const tools = [
        fn('a__b__c'),
        { type: 'namespace', name: 'a', tools: [fn('b__c')] },
        { type: 'namespace', name: 'a__b', tools: [fn('c')] },
      ];
      const ask = async (name: string): Promise<JsonObject | undefined> => {
        const body = { model: 'gpt-5.5', input: `[[tool ${name} {}]]`, tools };
        const answer = await proxy.post('/v1/responses', body, CREDENTIAL);
        const { output } = (await answer.json()) as { output: JsonObject[] };
        return output.find(({ type }) => type === 'function_call');
      };
      const hashed = createFlatNames();
      for (const [namespace, name] of [
        [undefined, 'a__b__c'],
        ['a', 'b__c'],
        ['a__b', 'c'],
      ] as const) {
        const call = await ask(hashed.flatten(namespace, name));
        assert.deepEqual([call?.['namespace'], call?.['name']], [namespace, name]);
      }
    });

    test(`${dialect}: a search of the client's tools is called, and what it found can be`, async (t) => {
      const proxy = await proxyTo(t, dialect);
      const search = (tools!.body!['tools'] as JsonObject[]).find(
        ({ type }) => type === 'tool_search',
      );
      const ask = async (input: unknown, stream = false): Promise<JsonObject[]> => {
        const body = { model: 'gpt-5.5', input, tools: [search], stream };
        const answer = await proxy.post('/v1/responses', body, CREDENTIAL);
        const text = await answer.text();
        assert.equal(answer.status, 200, text);
        assert.equal(answer.headers.get('x-signalbox-warnings'), null);
        const response = stream
          ? JSON.parse(text.slice(text.lastIndexOf('data: ') + 6)).response
          : JSON.parse(text);
        return response.output;
      };
      const question = { role: 'user', content: '[[tool tool_search {"query":"agents"}]]' };
      for (const stream of [false, true]) {
        const [call] = await ask([question], stream);
        const { id, call_id, ...rest } = call!;
        assert.match(String(id), /^tsc_/);
        assert.deepEqual(rest, {
          type: 'tool_search_call',
          status: 'completed',
          execution: 'client',
          arguments: { query: 'agents' },
        });
        const spawn = { type: 'function', name: 'spawn', parameters: { type: 'object' } };
        const found = { type: 'namespace', name: 'team', tools: [spawn] };
        const output = { type: 'tool_search_output', execution: 'client', call_id, tools: [found] };
        const next = { role: 'user', content: '[[tool team__spawn {}]]' };
        const [answered] = await ask([question, call, output], stream);
        assert.match(JSON.stringify(answered), /These tools can be called now: team__spawn\./);
        const said = { role: 'assistant', content: 'Found it.' };
        const [spawned] = await ask([question, call, output, said, next], stream);
        assert.deepEqual([spawned?.['namespace'], spawned?.['name']], ['team', 'spawn']);
      }
    });
  }

  test('tools that a search of OpenAI found can be called, the search itself is left out', async (t) => {
    const proxy = await proxyTo(t, 'anthropic-messages');
    const found = {
      type: 'namespace',
      name: 'team',
      tools: [{ type: 'function', name: 'spawn', parameters: { type: 'object', properties: {} } }],
    };
    const body = {
      model: 'gpt-5.5',
      input: [
        { role: 'user', content: 'first' },
        { type: 'tool_search_call', call_id: null, execution: 'server', arguments: {} },
        { type: 'tool_search_output', call_id: null, execution: 'server', tools: [found] },
        { role: 'user', content: '[[tool team__spawn {}]]' },
      ],
    };
    const answer = await proxy.post('/v1/responses', body, CREDENTIAL);
    const { output } = (await answer.json()) as { output: JsonObject[] };
    const call = output.find(({ type }) => type === 'function_call');
    assert.deepEqual([call?.['namespace'], call?.['name']], ['team', 'spawn']);
  });
});
