import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Capture, capturesOf, sendCapture } from '../support/captures.ts';
import type { RawAnswer } from '../support/send-raw.ts';
import { type LedgerLine, startProxy } from '../support/start-proxy.ts';

/** The credentials in the captures, each as its client sends it. */
const KEYS = ['sk-fake-000', 'sk-ant-fake-000', 'sk-ant-fake', 'fake-token', 'fake-gem-000'];

const simulated = {
  provider: 'simulator',
  slug: 'sim',
  pricing: {
    input: { text_cost_per_1k_tokens: 0.001 },
    output: { text_cost_per_1k_tokens: 0.002 },
  },
};

const config = {
  providers: { simulator: { type: 'MOCK' } },
  models: {
    'claude-*': simulated,
    'gpt-*': simulated,
    'gemini-*': simulated,
    'my-model': simulated,
  },
  model_alias: { 'qwen3-coder-plus': 'my-model', 'my-local-model': 'my-model' },
  api_keys: Object.fromEntries(
    KEYS.map((key) => [key.replaceAll('-', '_'), { key, models: ['*'] }]),
  ),
};

/** What the last bytes of a whole stream look like. */
const ENDINGS: Record<string, RegExp> = {
  chat: /data: \[DONE\]\n\n$/,
  responses: /event: response\.completed\n.*\n\n$/,
  messages: /event: message_stop\n.*\n\n$/,
  stream_generate_content: /"finishReason":"STOP".*\r\n\r\n$/,
};

interface Served {
  capture: Capture;
  answer: RawAnswer;
  line: LedgerLine;
}

/** Sends what a client sent, in turn; gives each call's answer with its line of the ledger. */
async function replayClient(t: TestContext, client: string): Promise<Served[]> {
  const proxy = await startProxy(t, config);
  const calls: Omit<Served, 'line'>[] = [];
  for (const capture of capturesOf(client)) {
    const answer = await sendCapture(proxy.url, capture);
    assert.equal(answer.status, capture.status, `${capture.method} ${capture.url}: ${answer.text}`);
    if (capture.method === 'POST') calls.push({ capture, answer });
  }
  const lines = await proxy.ledger();
  assert.equal(lines.length, calls.length);
  return calls.map((call, turn) => ({ ...call, line: lines[turn]! }));
}

function assertServed({ line, capture, answer }: Served): void {
  const asked = capture.body?.['model'] ?? /models\/(.+):/.exec(capture.url)?.[1];
  assert.equal(line['requested_model'], asked);
  assert.equal(line['model'], line['alias'] === undefined ? asked : 'my-model');
  const { headers } = capture;
  const session =
    headers['x-claude-code-session-id'] ?? headers['x-session-id'] ?? headers['session-id'];
  assert.equal(line['session'], session);
  if (capture.url.includes('count_tokens')) {
    assert.equal(line['cost_nanos_usd'], 0);
    return;
  }
  assert.equal(line['usage_source'], 'reported');
  const { in: tokensIn = 0, out: tokensOut = 0 } = line.tokens ?? {};
  assert.ok(tokensIn > 0 && tokensOut > 0);
  assert.equal(line['cost_nanos_usd'], tokensIn * 1000 + tokensOut * 2000);
  if (line['stream']) assert.match(answer.text, ENDINGS[String(line['operation'])]!);
}

const AGENTS: [name: string, client: string, calls: number][] = [
  ['Claude Code', 'claude-code', 7],
  ['Codex', 'codex', 3],
  ['Gemini CLI', 'gemini-cli', 3],
  ['opencode', 'opencode', 8],
  ['Qwen Code', 'qwen-code', 3],
  ['Continue', 'continue', 4],
  ['Cline', 'cline', 2],
];

describe('API-6, API-7, LED-1: coding agents', () => {
  for (const [name, client, calls] of AGENTS) {
    test(`what ${name} sends is served, and its tokens, session and cost are on the ledger`, async (t) => {
      const served = await replayClient(t, client);
      assert.equal(served.length, calls);
      for (const call of served) assertServed(call);
    });
  }
});
