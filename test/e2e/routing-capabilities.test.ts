import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { fakeUpstream } from '../support/fake-upstream.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';
import { readError, WIRES, type Wire } from '../support/wires.ts';

type Needs = Record<'vision' | 'tool_use' | 'reasoning', readonly object[]>;

const PNG = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };

/** For each wire: members of a request that need the capability. */
const NEEDS: Record<Wire['name'], Needs> = {
  chat: {
    vision: [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }],
    tool_use: [{ tools: [{ type: 'function', function: { name: 'f' } }] }],
    reasoning: [{ reasoning_effort: 'high' }, { reasoning: { max_tokens: 100 } }],
  },
  responses: {
    vision: [{ input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] }],
    tool_use: [{ tools: [{ type: 'function', name: 'f' }] }],
    reasoning: [{ reasoning: { effort: 'low', summary: 'auto' } }],
  },
  messages: {
    vision: [{ messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] }],
    tool_use: [{ tools: [{ name: 'f' }] }],
    reasoning: [{ thinking: { type: 'enabled', budget_tokens: 1024 } }],
  },
  gemini: {
    vision: [
      { contents: [{ parts: [{ inlineData: PNG }] }] },
      { contents: [{ parts: [{ inline_data: { mime_type: 'image/png' } }] }] },
      { contents: [{ parts: [{ fileData: { fileUri: 'files/1', mimeType: 'image/png' } }] }] },
    ],
    tool_use: [{ tools: [{ functionDeclarations: [{ name: 'f' }] }] }],
    reasoning: [{ generationConfig: { thinkingConfig: { thinkingBudget: 100 } } }],
  },
};

/** Members that say the contrary, or only look alike. */
const HARMLESS: Record<Wire['name'], readonly object[]> = {
  chat: [
    { tools: [], reasoning_effort: 'none' },
    { tools: null, reasoning_effort: null },
    { messages: [{ role: 'user', content: 'a part is {"type":"image_url"}, or not' }] },
  ],
  responses: [{ reasoning: null, tools: [] }, { reasoning: { effort: 'none' } }],
  messages: [{ thinking: { type: 'disabled' }, tools: [] }],
  gemini: [
    { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } },
    { contents: [{ parts: [{ inlineData: { ...PNG, mimeType: 'audio/wav' } }] }] },
  ],
};

const CAPABILITIES = ['vision', 'tool_use', 'reasoning'] as const;

async function start(t: TestContext, wire: Wire, routing: object = { enforce_capabilities: true }) {
  const upstream = await fakeUpstream(t, ({ url, body }) =>
    `${url}${body}`.includes('broken') ? { status: 500 } : { body: JSON.stringify(wire.answer) },
  );
  const { providers } = oneModelConfig(upstream.url);
  const without = (capability: string) => CAPABILITIES.filter((each) => each !== capability);
  const models = CAPABILITIES.map((capability) => [
    `no-${capability}`,
    { provider: 'up', capabilities: without(capability) },
  ]);
  const proxy = await startProxy(t, {
    providers,
    models: {
      ...Object.fromEntries(models),
      silent: { provider: 'up' },
      all: { provider: 'up', capabilities: CAPABILITIES },
      broken: { provider: 'up', fallbacks: ['no-vision', 'all'] },
    },
    routing,
  });
  const ask = (model: string, members: object) =>
    proxy.post(wire.path(model), { ...wire.request(model), ...members });
  return { ask, upstream };
}

describe('capabilities', () => {
  for (const wire of WIRES) {
    test(`ROU-13: enforced, a ${wire.name} request is refused what the record declares it cannot`, async (t) => {
      const { ask, upstream } = await start(t, wire);
      for (const capability of CAPABILITIES) {
        for (const members of NEEDS[wire.name][capability]) {
          const response = await ask(`no-${capability}`, members);
          assert.equal(response.status, 400, `${capability}: ${JSON.stringify(members)}`);
          const { code, message } = readError(wire, await response.json());
          assert.equal(code, 'unsupported_capability');
          assert.match(message, new RegExp(`\`no-${capability}\` declares no \`${capability}\``));
        }
      }
      assert.equal(upstream.seen.length, 0);
    });

    test(`ROU-13: a ${wire.name} request passes that needs nothing, or where nothing is declared`, async (t) => {
      const { ask } = await start(t, wire);
      const lacking = CAPABILITIES.map((capability) => `no-${capability}`);
      const passes = async (models: readonly string[], requests: readonly object[]) => {
        for (const model of models) {
          for (const members of requests) {
            const { status } = await ask(model, members);
            assert.equal(status, 200, `${model}: ${JSON.stringify(members)}`);
          }
        }
      };
      await passes(lacking, [{}, ...HARMLESS[wire.name]]);
      await passes(['silent', 'all'], Object.values(NEEDS[wire.name]).flat());
    });
  }

  test('ROU-13: they only inform where they are not enforced', async (t) => {
    const [chat] = WIRES;
    assert.ok(chat);
    const { ask } = await start(t, chat, {});
    for (const capability of CAPABILITIES) {
      for (const members of NEEDS.chat[capability]) {
        assert.equal((await ask(`no-${capability}`, members)).status, 200);
      }
    }
  });

  test('ROU-13, FAI-1: a fallback that cannot is passed over', async (t) => {
    const [chat] = WIRES;
    assert.ok(chat);
    const { ask } = await start(t, chat);
    const [seeing] = NEEDS.chat.vision;
    const response = await ask('broken', seeing ?? {});
    assert.equal(response.headers.get('x-signalbox-model'), 'all');
    assert.equal((await ask('broken', {})).headers.get('x-signalbox-model'), 'no-vision');
  });
});
