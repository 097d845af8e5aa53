import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { startDialectUpstreams } from '../support/dialect-upstreams.ts';

const SLUGS: Record<DialectId, [string]> = {
  'openai-chat': ['gpt-5.4'],
  'openai-responses': ['gpt-5.4'],
  'anthropic-messages': ['claude-sonnet-4-6'],
  'google-generate-content': ['gemini-3-pro-preview'],
};
const FOREIGN = ['openai-chat', 'openai-responses', 'google-generate-content'] as const;

/** What Anthropic's own coding agent asks for, and what other providers are told in its place. */
interface FieldCase {
  fields: JsonObject;
  /** Members of the request that are there on its account; null = it is refused. */
  sent: Record<(typeof FOREIGN)[number], JsonObject> | null;
  warned?: Partial<Record<DialectId, string>>;
}

const PARAMETERS = { type: 'object', properties: {} };
const NOTHING = { 'openai-chat': {}, 'openai-responses': {}, 'google-generate-content': {} };
const thinkingConfig = (config: JsonObject) => ({
  generationConfig: { maxOutputTokens: 999, thinkingConfig: config },
});
const everywhere = (warning: string) =>
  Object.fromEntries(FOREIGN.map((dialect) => [dialect, warning]));

const CASES: Record<string, FieldCase> = {
  'a tool that is to be loaded later is there from the start': {
    fields: {
      tools: [{ name: 'read', input_schema: PARAMETERS, defer_loading: true }],
    },
    sent: {
      'openai-chat': {
        tools: [{ type: 'function', function: { name: 'read', parameters: PARAMETERS } }],
      },
      'openai-responses': {
        tools: [{ type: 'function', name: 'read', parameters: PARAMETERS, strict: false }],
      },
      'google-generate-content': { tools: [{ functionDeclarations: [{ name: 'read' }] }] },
    },
    warned: everywhere('dropped;field=tools[0].defer_loading'),
  },
  'thoughts of earlier turns go nowhere, so they need no clearing': {
    fields: { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } },
    sent: NOTHING,
  },
  'results that only Anthropic would clear are not kept in silence': {
    fields: { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
    sent: null,
  },
  'adaptive thinking is left to the model, and shown': {
    fields: { thinking: { type: 'adaptive' } },
    sent: {
      'openai-chat': {},
      'openai-responses': { reasoning: { summary: 'auto' } },
      'google-generate-content': thinkingConfig({ includeThoughts: true }),
    },
  },
  'adaptive thinking with an effort has it, as near as the model can': {
    fields: {
      thinking: { type: 'adaptive', display: 'omitted' },
      output_config: { effort: 'max' },
    },
    sent: {
      'openai-chat': { reasoning_effort: 'xhigh' },
      'openai-responses': { reasoning: { effort: 'xhigh' } },
      'google-generate-content': thinkingConfig({ thinkingLevel: 'HIGH' }),
    },
    warned: everywhere('clamped;field=output_config.effort'),
  },
  'thinking between tools alone is a hint': {
    fields: { thinking: { type: 'between_tools' } },
    sent: NOTHING,
    warned: everywhere('dropped;field=thinking'),
  },
};

const TOOLS = [
  { name: 'ToolSearch', input_schema: PARAMETERS },
  { name: 'read', input_schema: PARAMETERS, defer_loading: true },
];
const reference = { type: 'tool_reference', name: 'read' };
/** What Claude Code keeps in a session in which the model looked for a tool and was given others. */
const SEARCHED = [
  { role: 'user', content: 'Hi' },
  {
    role: 'assistant',
    content: [{ type: 'tool_use', id: 'toolu_1', name: 'ToolSearch', input: { query: 'read' } }],
  },
  {
    role: 'user',
    content: [
      {
        type: 'tool_result',
        tool_use_id: 'toolu_1',
        content: [{ type: 'tool_reference', tool_name: 'read' }],
      },
    ],
  },
  {
    role: 'system',
    content: [
      {
        type: 'tool_addition',
        tool: {
          type: 'tool_definition',
          definition: { name: 'write', input_schema: PARAMETERS },
        },
      },
    ],
  },
  { role: 'assistant', content: 'There it is.' },
  { role: 'user', content: 'Go on' },
  { role: 'system', content: [{ type: 'tool_removal', tool: reference }] },
];

describe('API-4: fields of Anthropic Messages at other providers', () => {
  test('say there what they can', async (t) => {
    const { proxy, takeSent } = await startDialectUpstreams(t);
    const ask = async (dialect: DialectId, fields: JsonObject) => {
      const response = await proxy.post('/v1/messages', {
        model: `${dialect}/${SLUGS[dialect][0]}`,
        max_tokens: 999,
        messages: [{ role: 'user', content: 'Hi' }],
        ...fields,
      });
      const text = await response.text();
      const warned = response.headers.get('x-signalbox-warnings');
      return { status: response.status, text, warned, body: takeSent()[0] };
    };
    for (const dialect of FOREIGN) {
      const plain = await ask(dialect, {});
      for (const [name, { fields, sent, warned = {} }] of Object.entries(CASES)) {
        const { status, text, body, ...answer } = await ask(dialect, fields);
        const label = `${name} (${dialect})`;
        if (sent === null) {
          assert.equal(status, 400, label);
          assert.match(text, /`context_management` is not supported/, label);
          assert.equal(body, undefined, label);
          continue;
        }
        assert.equal(status, 200, label);
        assert.deepEqual(body, { ...plain.body, ...sent[dialect] }, label);
        assert.equal(answer.warned, warned[dialect] ?? null, label);
      }
    }
  });

  test('a session with tool search goes on at every provider, with all of its tools', async (t) => {
    const { proxy, takeSent } = await startDialectUpstreams(t);
    for (const dialect of FOREIGN) {
      const response = await proxy.post('/v1/messages', {
        model: `${dialect}/${SLUGS[dialect][0]}`,
        max_tokens: 999,
        tools: TOOLS,
        messages: SEARCHED,
      });
      assert.equal(response.status, 200, await response.text());
      const warned = response.headers.get('x-signalbox-warnings') ?? '';
      assert.match(warned, /dropped;field=messages\[6\]\.content\[0\]/, dialect);
      const body = JSON.stringify(takeSent()[0]);
      assert.match(body, /Tool available: read/, dialect);
      for (const name of ['ToolSearch', 'read', 'write']) {
        assert.match(body, new RegExp(`"name":"${name}"`), dialect);
      }
    }
  });
});
