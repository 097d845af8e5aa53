import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';
import { capsOf } from '../../src/dialects/model-caps.ts';
import { sealSignature } from '../../src/dialects/reasoning-envelope.ts';
import { scanRequest } from '../../src/dialects/scan-request.ts';

const FOREIGN = sealSignature({
  dialect: 'openai-chat',
  family: 'grok',
  kind: 'enc',
  value: 'state',
  target: 'self',
});

function drop(dialect: DialectId, body: JsonObject, slug = 'gpt-5.4'): JsonObject {
  assert.ok(scanRequest(Buffer.from(JSON.stringify(body))).mayHoldForeignState);
  return dialects[dialect].dropForeignState(body, capsOf(dialect, slug));
}

describe('dropForeignState', () => {
  test('Anthropic’s own thinking stays, what it did not sign goes, and a bare message with it', () => {
    const own = { type: 'thinking', thinking: 'hm', signature: 'EqQB+A==' };
    const foreign = [
      { type: 'thinking', thinking: 'x', signature: FOREIGN },
      { type: 'thinking', thinking: 'x', signature: '' },
      { type: 'redacted_thinking', data: FOREIGN },
    ];
    const user = { role: 'user', content: 'go' };
    const messages = [
      user,
      { role: 'assistant', content: [own, ...foreign, { type: 'text', text: 'ok' }] },
      user,
      { role: 'assistant', content: foreign },
      user,
    ];
    assert.deepEqual(drop('anthropic-messages', { messages }), {
      messages: [
        user,
        { role: 'assistant', content: [own, { type: 'text', text: 'ok' }] },
        user,
        user,
      ],
    });
  });

  test('X-48: what was searched for elsewhere is told to Anthropic as text, which cites nothing', () => {
    const pair = (id: string, encrypted_content: string) => [
      { type: 'server_tool_use', id, name: 'web_search', input: { query: 'q' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: id,
        content: [
          { type: 'web_search_result', title: 'T', url: 'https://a.example', encrypted_content },
        ],
      },
    ];
    const cited = (encrypted_index: string) => ({
      type: 'text',
      text: 'So it is.',
      citations: [
        { type: 'web_search_result_location', url: 'https://a.example', encrypted_index },
      ],
    });
    const own = [...pair('srvtoolu_01A', 'EqgfC'), cited('Eo8BC')];
    const [, loneResult] = pair('srvtoolu_sbx1minted2', '');
    const messages = [
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: [...own, ...pair('srvtoolu_sbx1minted1', ''), cited('sbx1'), cited('')],
      },
      { role: 'assistant', content: [loneResult] },
    ];
    const dropped = drop('anthropic-messages', { messages })['messages'];
    const words = { type: 'text', text: '[web search: q]\nT https://a.example' };
    const plain = { type: 'text', text: 'So it is.' };
    assert.deepEqual(dropped, [
      messages[0],
      { role: 'assistant', content: [...own, words, plain, plain] },
      {
        role: 'assistant',
        content: [{ type: 'text', text: '[web search: ]\nT https://a.example' }],
      },
    ]);
  });

  test('manual thinking is off where a turn with calls has none left', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} };
    const thinking = { type: 'enabled', budget_tokens: 2000 };
    const messagesOf = (signature: string) => [
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature }, call] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: FOREIGN }],
      },
    ];
    const bare = drop('anthropic-messages', { thinking, messages: messagesOf(FOREIGN) });
    assert.deepEqual(bare['thinking'], { type: 'disabled' });
    const own = drop('anthropic-messages', { thinking, messages: messagesOf('EqQB+A==') });
    assert.equal('thinking' in own, false);
  });

  test('X-15: Gemini 3 gets its bypass where the first call of the turn was another’s', () => {
    const sealed = Buffer.from(FOREIGN).toString('base64');
    const call = (name: string) => ({ functionCall: { name, args: {} } });
    const contents = [
      { role: 'user', parts: [{ text: 'go' }] },
      { role: 'model', parts: [{ ...call('f'), thoughtSignature: sealed }, call('g')] },
    ];
    const parts = (slug: string) => {
      const dropped = drop('google-generate-content', { contents }, slug)['contents'];
      return (dropped as JsonObject[])[1]?.['parts'];
    };
    const bypass = 'skip_thought_signature_validator';
    assert.deepEqual(parts('gemini-3-pro'), [
      { ...call('f'), thoughtSignature: bypass },
      call('g'),
    ]);
    assert.deepEqual(parts('gemini-2.5-pro'), [call('f'), call('g')]);
    assert.equal(contents[1]?.parts.length, 2);
  });

  test('OpenRouter’s own details stay in a message whose others go', () => {
    const own = { type: 'reasoning.encrypted', data: 'own' };
    const message = {
      role: 'assistant',
      content: 'ok',
      reasoning_content: 'x',
      reasoning_details: [own, { type: 'reasoning.encrypted', data: FOREIGN }],
    };
    assert.deepEqual(drop('openai-chat', { messages: [message] })['messages'], [
      { role: 'assistant', content: 'ok', reasoning_details: [own] },
    ]);
  });

  test('thoughts without state that were written for Responses’ clients go by their id', () => {
    const native = { type: 'reasoning', id: 'rs_68a1', summary: [], encrypted_content: 'gAAAA' };
    const written = { type: 'reasoning', id: 'rs_sbx1_0123', summary: [], content: [] };
    const input = [native, written, { role: 'user', content: 'go' }];
    assert.deepEqual(drop('openai-responses', { input })['input'], [native, input[2]]);
    assert.deepEqual(drop('openai-responses', { input: 'sbx1' }), {});
  });
});
