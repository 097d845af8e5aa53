import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type TokenUsage, totalInput, totalOutput } from '../../src/core/token-usage.ts';
import { dataOf, spanOf } from '../../src/dialects/data-span.ts';
import { formats } from '../../src/dialects/index.ts';
import { asObject, asObjects, type JsonObject } from '../../src/dialects/json-object.ts';
import { operationFacts } from '../../src/dialects/operation.ts';
import { createEventSplitter } from '../../src/dialects/stream-events.ts';
import type { WireFormat } from '../../src/dialects/wire-format.ts';
import { type Recording, recordings, streamEvents } from '../support/recordings.ts';

const all: readonly WireFormat[] = Object.values(formats);
const recorded = recordings();
const streams = recorded.filter(({ stream }) => stream);
const wholes = recorded.filter(({ stream, status }) => !stream && status === 200);

const formatOf = ({ operation }: Recording): WireFormat =>
  formats[operationFacts(operation).format];
const answerOf = ({ bodyBytes }: Recording): unknown => JSON.parse(bodyBytes.toString('utf8'));
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

function readStream(recording: Recording) {
  const tap = formatOf(recording).createStreamTap();
  for (const { data } of streamEvents(recording)) tap.push(spanOf(data));
  return tap.reading;
}

function readUsage(recording: Recording): TokenUsage | null {
  if (recording.stream) return readStream(recording).usage;
  return formatOf(recording).readUsage(answerOf(recording));
}

/** The totals as each API documents them, by the shortest way. */
function totalsOf(usage: JsonObject): { input: number; output: number; reasoning: number } {
  if ('promptTokenCount' in usage) {
    const input = number(usage['promptTokenCount']) + number(usage['toolUsePromptTokenCount']);
    const output = number(usage['totalTokenCount']) - input;
    return { input, output, reasoning: number(usage['thoughtsTokenCount']) };
  }
  if ('prompt_tokens' in usage) {
    const input = number(usage['prompt_tokens']);
    const details = asObject(usage['completion_tokens_details']);
    const output = number(usage['total_tokens']) - input;
    return { input, output, reasoning: number(details['reasoning_tokens']) };
  }
  const details = asObject(usage['output_tokens_details']);
  return {
    input:
      number(usage['input_tokens']) +
      number(usage['cache_creation_input_tokens']) +
      number(usage['cache_read_input_tokens']),
    output: number(usage['output_tokens']),
    reasoning: number(details['reasoning_tokens'] ?? details['thinking_tokens']),
  };
}

/** The texts, thoughts and arguments that an event adds. */
function contentOf(event: JsonObject): string {
  const delta = asObject(event['delta']);
  const texts = [event['delta'], delta['text'], delta['thinking'], delta['partial_json']];
  for (const { delta } of asObjects(event['choices'])) {
    const { content, reasoning_content, reasoning, refusal, tool_calls } = asObject(delta);
    const calls = asObjects(tool_calls).map((call) => asObject(call['function'])['arguments']);
    texts.push(...textsIn(content), reasoning_content, reasoning, refusal, ...calls);
  }
  for (const { content } of asObjects(event['candidates'])) {
    texts.push(...asObjects(asObject(content)['parts']).map((part) => part['text']));
  }
  return texts.filter((text) => typeof text === 'string').join('');
}

/** A content is a text, or Mistral's list of parts. */
function textsIn(content: unknown): unknown[] {
  if (!Array.isArray(content)) return [content];
  return asObjects(content).flatMap(({ text, thinking }) => [text, ...textsIn(thinking)]);
}

function assertWhole(usage: TokenUsage | null): void {
  const counts = [usage, ...(usage?.extra ?? [])].flatMap((part) =>
    part === null ? [] : Object.values(part.tokens),
  );
  for (const count of [...counts, ...Object.values(usage?.units ?? {})]) {
    assert.ok(Number.isSafeInteger(count) && count >= 0);
  }
}

describe('wire formats', () => {
  test('each format is registered under its own name', () => {
    for (const [name, format] of Object.entries(formats)) assert.equal(format.id, name);
  });

  test('LED-6, X-54: the totals of every recorded answer are those that the provider reported', () => {
    for (const recording of recorded) {
      const usage = readUsage(recording);
      if (recording.expectedUsage === null) {
        // Images without usage are counted by the piece.
        assert.equal(usage === null || usage.units.image !== undefined, true, recording.id);
        continue;
      }
      assert.ok(usage, recording.id);
      const read = {
        input: totalInput(usage.tokens),
        output: totalOutput(usage.tokens),
        reasoning: usage.tokens.reasoning,
      };
      assert.deepEqual(read, totalsOf(recording.expectedUsage), recording.id);
      assert.equal(usage.anomaly, false, recording.id);
    }
  });

  test('the members that a format asks for are all that its usage needs', () => {
    for (const recording of wholes) {
      const { usageMembers, readUsage } = formatOf(recording);
      const answer = asObject(answerOf(recording));
      const members = Object.fromEntries(usageMembers.map((name) => [name, answer[name]]));
      assert.deepEqual(readUsage(members), readUsage(answer), recording.id);
    }
  });

  test('every recorded stream that was whole is seen to be whole', () => {
    for (const recording of streams) {
      const { finished, terminal, error } = readStream(recording);
      assert.equal(terminal, formatOf(recording).hasTerminalMarker, recording.id);
      // Snowflake sends no finish reason; its [DONE] is enough.
      assert.equal(finished || terminal, true, recording.id);
      assert.equal(error !== null, recording.id.includes('openai-error'), recording.id);
    }
  });

  test('FAI-6: a recorded stream that lost its end is seen to have lost it', () => {
    for (const recording of streams) {
      const tap = formatOf(recording).createStreamTap();
      const events = streamEvents(recording);
      const early = events.slice(0, Math.floor(events.length / 4));
      for (const { data } of early) tap.push(spanOf(data));
      assert.equal(tap.reading.terminal || tap.reading.finished, false, recording.id);
    }
  });

  test('an event reads the same wherever its data lie', () => {
    for (const recording of streams) {
      const framing = recording.contentType.startsWith('application/json') ? 'json-array' : 'sse';
      const splitter = createEventSplitter(framing);
      const together = formatOf(recording).createStreamTap();
      const apart = formatOf(recording).createStreamTap();
      for (const event of splitter.push(recording.bodyBytes)) {
        together.push(event);
        apart.push(spanOf(Buffer.from(dataOf(event))));
        assert.deepEqual(together.reading, apart.reading, recording.id);
      }
    }
  });

  test('content is zero until the first of it, and never less than what came', () => {
    for (const recording of streams) {
      const tap = formatOf(recording).createStreamTap();
      let expected = 0;
      let hasCall = false;
      for (const event of streamEvents(recording)) {
        tap.push(spanOf(event.data));
        const text = event.data.toString('utf8');
        expected += text === '[DONE]' ? 0 : Buffer.byteLength(contentOf(JSON.parse(text)));
        hasCall ||= /tool_calls|tool_use|functionCall|executableCode/.test(text);
        assert.ok(tap.reading.contentBytes >= expected, recording.id);
        assert.ok(tap.reading.contentBytes === 0 || expected > 0 || hasCall, recording.id);
      }
    }
  });

  test('RES-7: the model is named where the format says', () => {
    for (const recording of recorded) {
      const { modelPaths } = formatOf(recording);
      const events = recording.stream
        ? streamEvents(recording).map(({ data }) => data.toString('utf8'))
        : [recording.bodyBytes.toString('utf8')];
      const found = events.some((event) => {
        const root: unknown = event === '[DONE]' ? {} : JSON.parse(event);
        return modelPaths.some(
          (path) => typeof path.reduce((value, key) => asObject(value)[key], root) === 'string',
        );
      });
      const hasModel = events.some((event) => /"model(Version)?": ?"/.test(event));
      if (recording.status === 200) assert.equal(found, hasModel, recording.id);
    }
  });
});

describe('wire formats against odd input', () => {
  const names = [
    ...['usage', 'usageMetadata', 'tool_usage', 'data', 'duration', 'type', 'error', 'choices'],
    ...['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'total_tokens'],
    ...['prompt_tokens_details', 'input_tokens_details', 'cached_tokens', 'reasoning_tokens'],
    ...['cache_creation_input_tokens', 'cache_creation', 'iterations', 'server_tool_use'],
    ...['promptTokenCount', 'totalTokenCount', 'promptTokensDetails', 'message', 'response'],
    ...['candidates', 'finishReason', 'finish_reason', 'index', 'delta', 'web_search_requests'],
  ];
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(null, -1, 3, 1e300, 0.5, '7', 'response.completed', 'fallback_message'),
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 8 }),
    ),
  }));

  test('SEC-6: usage of any JSON is null or whole numbers, and never an exception', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), value, (format, answer) => {
        assertWhole(format.readUsage(JSON.parse(JSON.stringify(answer))));
      }),
      { numRuns: 3000 },
    );
  });

  test('SEC-6: a tap survives any event', () => {
    const json = value.map((event) => Buffer.from(JSON.stringify(event)));
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
    const cut = fc
      .tuple(json, fc.nat({ max: 100 }))
      .map(([event, length]) => event.subarray(0, length));
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.oneof(json, bytes, cut), { maxLength: 5 }),
        (format, events) => {
          const tap = format.createStreamTap();
          for (const data of events) tap.push(spanOf(data));
          assertWhole(tap.reading.usage);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
