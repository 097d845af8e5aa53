import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startProxy } from '../support/start-proxy.ts';

const MESSAGES = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const CLAUDE = { device_id: 'd', account_uuid: '', session_id: 'claude-1' };

const CASES: [about: string, headers: Record<string, string>, body: object, session?: string][] = [
  ['ours', { 'x-signalbox-session': 'a', 'session-id': 'b' }, {}, 'a'],
  ['Claude Code’s header', { 'x-claude-code-session-id': 'a' }, {}, 'a'],
  ['opencode’s header', { 'x-session-id': 'a' }, {}, 'a'],
  ['Codex’s header before its body', { 'session-id': 'a' }, { prompt_cache_key: 'b' }, 'a'],
  ['Codex’s body', {}, { prompt_cache_key: 'b' }, 'b'],
  ['Claude Code’s body', {}, { metadata: { user_id: JSON.stringify(CLAUDE) } }, 'claude-1'],
  [
    'an older Claude Code’s body',
    {},
    { metadata: { user_id: 'user_1f_account_2e_session_0c-1' } },
    '0c-1',
  ],
  ['none in other metadata', {}, { metadata: { user_id: 'session', other: [] } }],
  ['none that is no text', {}, { metadata: 1, prompt_cache_key: 7 }],
];

describe('session of a call', () => {
  for (const [about, headers, body, session] of CASES) {
    test(`LED-1: ${about}`, async (t) => {
      const proxy = await startProxy(t, {
        providers: { sim: { type: 'MOCK' } },
        models: { m: { provider: 'sim' } },
      });
      await proxy.post('/v1/messages', { ...MESSAGES, ...body }, headers);
      const [line] = await proxy.ledger();
      assert.equal(line?.['session'], session);
    });
  }

  test('SEC-6: a user of many kilobytes is read at once, and names none', async (t) => {
    const proxy = await startProxy(t, {
      providers: { sim: { type: 'MOCK' } },
      models: { m: { provider: 'sim' } },
    });
    const user = `${'_session_'.repeat(50_000)}!`;
    const startedMs = performance.now();
    await proxy.post('/v1/messages', { ...MESSAGES, metadata: { user_id: user } });
    assert.ok(performance.now() - startedMs < 5_000);
    const [line] = await proxy.ledger();
    assert.equal(line?.['session'], undefined);
  });

  test('LED-1: a long one is cut', async (t) => {
    const proxy = await startProxy(t, {
      providers: { sim: { type: 'MOCK' } },
      models: { m: { provider: 'sim' } },
    });
    await proxy.post('/v1/messages', { ...MESSAGES, prompt_cache_key: 'x'.repeat(1000) });
    const [line] = await proxy.ledger();
    assert.equal(line?.['session'], 'x'.repeat(256));
  });
});
