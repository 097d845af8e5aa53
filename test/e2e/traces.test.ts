import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { fakeUpstream, type SeenRequest } from '../support/fake-upstream.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { oneModelConfig, startProxy } from '../support/start-proxy.ts';

const PRICE = {
  input: { text_cost_per_1k_tokens: 0.001 },
  output: { text_cost_per_1k_tokens: 0.002 },
};
const CONFIG = {
  providers: {
    shaky: { type: 'MOCK', config: { faults: { status: 503 } } },
    good: { type: 'MOCK', config: { ttft_ms: 5 } },
  },
  models: {
    m: {
      pricing: PRICE,
      endpoints: [
        { provider: 'shaky', slug: 'first' },
        { provider: 'good', slug: 'second' },
      ],
    },
  },
};
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status?: { code: number; message?: string };
}

/** A collector on loopback, and what it has received. */
async function collector(t: TestContext, status = 200) {
  const { url, seen } = await fakeUpstream(t, { status });
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=a%20b',
    OTEL_BSP_SCHEDULE_DELAY: '10',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  };
  const spans = () => seen.flatMap((request) => spansOf(request));
  return { environment, seen, spans };
}

function spansOf({ body }: SeenRequest): Span[] {
  return JSON.parse(body.toString()).resourceSpans[0].scopeSpans[0].spans;
}

function factsOf({ attributes }: Span): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const ASK = { model: 'm', messages: [{ role: 'user', content: 'Hello there' }] };

describe('traces', () => {
  test('a call is one span with a child for each attempt, in the trace of its client', async (t) => {
    const { environment, seen, spans } = await collector(t);
    const proxy = await startProxy(t, CONFIG, { environment });
    const headers = {
      traceparent: `00-${TRACE}-${PARENT}-01`,
      tracestate: 'v=1',
      'x-signalbox-session': 's1',
    };
    await (await proxy.post('/v1/chat/completions', { ...ASK, stream: true }, headers)).text();
    await eventually('the spans', () => spans().length === 3);

    assert.deepEqual([seen[0]?.method, seen[0]?.url], ['POST', '/v1/traces']);
    assert.equal(seen[0]?.headers['x-team'], 'a b');
    const [{ resource, scopeSpans }] = JSON.parse(String(seen[0]?.body)).resourceSpans;
    assert.equal(scopeSpans[0].scope.name, 'signalbox');
    assert.deepEqual(
      resource.attributes.map(({ value }: { value: object }) => Object.values(value)[0]),
      ['signalbox', 'test'],
    );

    const [line] = await proxy.ledger();
    const [call, first, second] = spans() as [Span, Span, Span];
    assert.deepEqual([call.traceId, call.parentSpanId, call.traceState], [TRACE, PARENT, 'v=1']);
    assert.deepEqual([call.name, call.kind, call.status], ['chat m', 2, undefined]);
    const facts = factsOf(call);
    assert.equal(facts['signalbox.request_id'], line?.['request_id']);
    assert.equal(facts['signalbox.cost_usd'], Number(line?.['cost_nanos_usd']) / 1e9);
    assert.deepEqual(
      [facts['gen_ai.conversation.id'], facts['http.response.status_code']],
      ['s1', '200'],
    );

    for (const child of [first, second]) {
      assert.deepEqual([child.traceId, child.parentSpanId, child.kind], [TRACE, call.spanId, 3]);
      assert.ok(BigInt(child.startTimeUnixNano) >= BigInt(call.startTimeUnixNano));
      assert.ok(BigInt(child.endTimeUnixNano) <= BigInt(call.endTimeUnixNano));
    }
    assert.ok(BigInt(second.startTimeUnixNano) >= BigInt(first.startTimeUnixNano));
    assert.deepEqual([first.name, first.status?.code], ['chat first', 2]);
    assert.equal(factsOf(first)['gen_ai.usage.input_tokens'], undefined);
    const served = factsOf(second);
    assert.deepEqual(
      [
        served['gen_ai.provider.name'],
        served['gen_ai.request.model'],
        served['gen_ai.operation.name'],
      ],
      ['good', 'second', 'chat'],
    );
    assert.equal(served['gen_ai.usage.input_tokens'], String(line?.tokens?.['in']));
    assert.equal(served['gen_ai.usage.output_tokens'], String(line?.tokens?.['out']));
    assert.equal(served['gen_ai.request.stream'], true);
    assert.equal(typeof served['gen_ai.response.time_to_first_chunk'], 'number');
    assert.ok(!String(seen[0]?.body).includes('Hello there'));
  });

  test('what a client does not sample is not exported, and a call without a trace begins one', async (t) => {
    const { environment, spans } = await collector(t);
    const proxy = await startProxy(t, CONFIG, { environment });
    const unsampled = { traceparent: `00-${TRACE}-${PARENT}-00` };
    await (await proxy.post('/v1/chat/completions', ASK, unsampled)).text();
    const broken = { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` };
    await (await proxy.post('/v1/chat/completions', { ...ASK, model: 'none' }, broken)).text();
    const [call] = await eventually('a span', () => (spans().length > 0 ? spans() : null));
    assert.equal(spans().length, 1, 'no attempt was made');
    assert.match(call?.traceId ?? '', /^(?!0{32})[\da-f]{32}$/);
    assert.equal(call?.parentSpanId, undefined);
    assert.equal(factsOf(call!)['error.type'], 'model_not_found');
  });

  test('calls go on and are whole while no collector answers, which is logged once', async (t) => {
    const logger = createRecordingLogger();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_BSP_SCHEDULE_DELAY: '1',
    };
    const tellings = () =>
      logger.entries.filter(({ message }) => message === 'Traces cannot be exported');
    const proxy = await startProxy(t, CONFIG, { environment, logger });
    for (let call = 0; call < 3; call += 1) {
      assert.equal((await proxy.post('/v1/chat/completions', ASK)).status, 200);
      await eventually('the failure', () => tellings().length > 0);
    }
    assert.equal(tellings().length, 1);
  });

  test('spans that wait are sent when the proxy stops', async (t) => {
    const { environment, spans } = await collector(t);
    await t.test('a proxy that stops', async (inner) => {
      const slow = { ...environment, OTEL_BSP_SCHEDULE_DELAY: '600000' };
      const proxy = await startProxy(inner, CONFIG, { environment: slow });
      await (await proxy.post('/v1/chat/completions', ASK)).text();
      assert.equal(spans().length, 0);
    });
    assert.equal(spans().length, 3);
  });

  test("the upstream gets the client's own trace context, and none without one", async (t) => {
    const { environment } = await collector(t);
    const upstream = await fakeUpstream(t, { status: 400 });
    const proxy = await startProxy(t, oneModelConfig(upstream.url), { environment });
    const traceparent = `00-${TRACE}-${PARENT}-01`;
    await (await proxy.post('/v1/chat/completions', ASK, { traceparent })).text();
    await (await proxy.post('/v1/chat/completions', ASK)).text();
    assert.deepEqual(
      upstream.seen.map(({ headers }) => headers['traceparent']),
      [traceparent, undefined],
    );
  });
});
