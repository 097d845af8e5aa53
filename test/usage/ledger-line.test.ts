import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createTokenUsage } from '../../src/core/token-usage.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import type { UsageRecord } from '../../src/usage/usage-record.ts';

const bare: UsageRecord = {
  arrivedAt: Date.UTC(2026, 10, 21, 9, 8, 7, 6),
  requestId: 'req-1',
  configHash: '0123456789ab',
  apiKey: undefined,
  organisation: undefined,
  team: undefined,
  user: undefined,
  namespace: 'default',
  session: undefined,
  surface: 'openai',
  operation: 'chat',
  stream: false,
  requestedModel: undefined,
  alias: undefined,
  model: undefined,
  variantOf: undefined,
  slug: undefined,
  provider: undefined,
  providerKey: undefined,
  routingProfile: 'balanced',
  discount: false,
  httpStatus: 404,
  errorCode: undefined,
  latencyMs: 1.4,
  ttftMs: undefined,
  usage: null,
  usageSource: 'none',
  held: undefined,
  costNanoUsd: null,
  costReason: undefined,
  billing: [],
  providerUsage: undefined,
  providerRequestId: undefined,
  pinned: undefined,
  attemptEndsMs: [],
  attempts: [],
  clientIp: undefined,
};

function fullRecord(): UsageRecord {
  const usage = createTokenUsage();
  Object.assign(usage.tokens, { inText: 12, cacheReadText: 500, cacheWrite5m: 2000 });
  Object.assign(usage.tokens, { outText: 30, reasoning: 60 });
  usage.units = { webSearch: 2, image: 0 };
  const extra = createTokenUsage().tokens;
  extra.outText = 7;
  usage.extra = [{ model: 'advisor', kind: 'advisor_message', tokens: extra }];
  return {
    ...bare,
    apiKey: 'client-a',
    organisation: 'acme',
    team: 'growth',
    user: 'ana',
    session: 's-1',
    requestedModel: 'claude:cost',
    alias: 'claude',
    model: 'claude-clientA',
    variantOf: 'claude-sonnet-4-6',
    slug: 'claude-sonnet-4-6',
    provider: 'anthropic',
    providerKey: 'production',
    stream: true,
    discount: true,
    httpStatus: 200,
    errorCode: 'upstream_stream_cut',
    ttftMs: 210.6,
    usage,
    usageSource: 'partial',
    costNanoUsd: 9_036_000n,
    billing: [
      ['input_text', 36_000n],
      ['reasoning', 9_000_000n],
    ],
    providerUsage: '{"input_tokens":12,"output_tokens":90.0}',
    providerRequestId: 'msg_1',
    pinned: 'anthropic',
    attempts: [
      {
        model: 'claude-opus-4-6',
        provider: 'azure',
        slug: 'x',
        key: undefined,
        status: undefined,
        error: 'upstream_timeout',
        ms: 900,
      },
      {
        model: 'claude-clientA',
        provider: 'anthropic',
        slug: 'y',
        key: 'production',
        status: 200,
        error: undefined,
        ms: 300,
      },
    ],
    clientIp: '127.0.0.1',
  };
}

describe('toLedgerLine', () => {
  test('LED-1 holds every field under its name and in its place', () => {
    assert.equal(
      toLedgerLine(fullRecord()),
      '{"v":1,"ts":"2026-11-21T09:08:07.006Z","request_id":"req-1","config_hash":"0123456789ab",' +
        '"api_key":"client-a","organisation":"acme","team":"growth","user":"ana",' +
        '"namespace":"default","session":"s-1","surface":"openai","operation":"chat",' +
        '"stream":true,"requested_model":"claude:cost","alias":"claude",' +
        '"model":"claude-clientA","variant_of":"claude-sonnet-4-6","slug":"claude-sonnet-4-6",' +
        '"provider":"anthropic","provider_key":"production","routing_profile":"balanced",' +
        '"discount":true,"http_status":200,"error_code":"upstream_stream_cut","latency_ms":1,' +
        '"ttft_ms":211,"tokens":{"in":2512,"out":90,"input_text":12,"cache_read_text":500,' +
        '"cache_write_5m":2000,"output_text":30,"reasoning":60},"units":{"web_search":2},' +
        '"extra":[{"model":"advisor","kind":"advisor_message",' +
        '"tokens":{"in":0,"out":7,"output_text":7}}],"usage_source":"partial",' +
        '"cost_nanos_usd":9036000,"billing":{"input_text":36000,"reasoning":9000000},' +
        '"provider_usage":{"input_tokens":12,"output_tokens":90.0},' +
        '"provider_request_id":"msg_1","routing":{"pinned":"anthropic","attempts":[' +
        '{"model":"claude-opus-4-6","provider":"azure","slug":"x","error":"upstream_timeout",' +
        '"ms":900},{"provider":"anthropic","slug":"y","key":"production","status":200,' +
        '"ms":300}]},"client_ip":"127.0.0.1"}',
    );
  });

  test('LED-1 omits what is absent, but never the cost', () => {
    assert.equal(
      toLedgerLine({ ...bare, costReason: 'unpriced' }),
      '{"v":1,"ts":"2026-11-21T09:08:07.006Z","request_id":"req-1","config_hash":"0123456789ab",' +
        '"namespace":"default","surface":"openai","operation":"chat","stream":false,' +
        '"routing_profile":"balanced","http_status":404,"latency_ms":1,"usage_source":"none",' +
        '"cost_nanos_usd":null,"cost_reason":"unpriced","routing":{"attempts":[]}}',
    );
  });

  test('LED-1 money keeps every digit', () => {
    const line = toLedgerLine({ ...bare, costNanoUsd: 123_456_789_012_345_678_901n });
    assert.match(line, /"cost_nanos_usd":123456789012345678901,/);
  });

  test('LED-1 usage that is known to be nothing still has its totals', () => {
    const line = toLedgerLine({ ...bare, usage: createTokenUsage() });
    assert.match(line, /"tokens":\{"in":0,"out":0\},"usage_source"/);
  });

  test('LED-1, BUD-6 what limits count in place of an unknown usage stands beside its source', () => {
    const held = { tokensIn: 7, tokensOut: 9, nanoUsd: 123_456_789_012_345_678n };
    const line = toLedgerLine({ ...bare, held, costReason: 'usage_unknown' });
    const told = '"usage_source":"none","held":{"in":7,"out":9,"nanos_usd":123456789012345678},';
    assert.ok(line.includes(`${told}"cost_nanos_usd":null`), line);
  });

  test('LED-1 the provider’s usage keeps its digits and loses its line breaks', () => {
    const line = toLedgerLine({ ...bare, providerUsage: '{\r\n  "n": 12345678901234567890\n}' });
    assert.match(line, /"provider_usage":\{ {4}"n": 12345678901234567890 \},/);
  });

  test('LED-1 whatever the names hold, the line is one line of JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.json(), (text, json) => {
        const line = toLedgerLine({
          ...bare,
          requestedModel: text,
          billing: [[text, 1n]],
          providerUsage: json,
        });
        const { requested_model: model, billing, provider_usage: usage } = JSON.parse(line);
        assert.ok(!/[\r\n]/.test(line));
        assert.equal(model, text);
        assert.equal(billing[text], 1);
        assert.deepEqual(usage, JSON.parse(json));
      }),
    );
  });
});
