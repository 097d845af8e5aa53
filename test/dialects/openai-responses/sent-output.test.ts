import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  asObject,
  asObjects,
  type JsonObject,
  parseObject,
} from '../../../src/dialects/json-object.ts';
import { createSentOutput } from '../../../src/dialects/openai-responses/sent-output.ts';
import { recordings, streamEvents } from '../../support/recordings.ts';

/** Recorded streams whose last event repeats the output; one file holds several, back to back. */
const STREAMS = recordings()
  .filter(({ operation, stream }) => operation === 'responses' && stream)
  .map((recording) => {
    const events = streamEvents(recording).map(({ data }) => data);
    const { response } = parseObject(events.at(-1) ?? Buffer.alloc(0));
    return { id: recording.id, events, output: asObjects(asObject(response)['output']) };
  })
  .filter(({ events, output }) => output.length > 0 && events.filter(isFirst).length === 1);

function isFirst(data: Buffer): boolean {
  return parseObject(data)['type'] === 'response.created';
}

/** The text of an item, whatever it is made of. */
function textOf(item: JsonObject): string {
  const parts = [
    ...((item['content'] ?? []) as JsonObject[]),
    ...((item['summary'] ?? []) as JsonObject[]),
  ];
  const texts = parts.map((part) => String(part['text'] ?? part['refusal'] ?? ''));
  const whole = ['arguments', 'input', 'code'].map((member) => item[member]);
  return [...texts, ...whole].filter((text) => typeof text === 'string').join('');
}

function notedOf(events: readonly Buffer[]) {
  const sent = createSentOutput();
  for (const data of events) sent.note(data);
  return sent.read();
}

/** The text of every item by what its events say: the whole item or part, else its deltas. */
function toldBy(events: readonly Buffer[]): string[] {
  const texts = new Map<unknown, string>();
  for (const { type, output_index: at, delta, item, part } of events.map(parseObject)) {
    if (type === 'response.output_item.added') texts.set(at, textOf(item as JsonObject));
    if (TEXT_DELTA.test(String(type))) texts.set(at, `${texts.get(at)}${delta}`);
    if (type === 'response.content_part.done') texts.set(at, textOf({ content: [part] }));
    if (type === 'response.output_item.done') texts.set(at, textOf(item as JsonObject));
  }
  return [...texts.values()];
}

const TEXT_DELTA = /(output_text|refusal|reasoning_text|summary_text|arguments|input|code)\.delta$/;

describe('createSentOutput', () => {
  test('X-32: before the end of a recorded stream, the output is that of its end', () => {
    for (const { id, events, output } of STREAMS) {
      const noted = notedOf(events.slice(0, -1));
      assert.deepEqual(
        noted.map((item) => [item['type'], textOf(item)]),
        output.map((item) => [item['type'], textOf(item)]),
        id,
      );
    }
  });

  test('X-32: cut early or late, the output is what the events said so far', () => {
    for (const { id, events } of STREAMS) {
      const step = Math.ceil(events.length / 20);
      for (let cut = 1; cut < events.length; cut += step) {
        const passed = events.slice(0, cut);
        assert.deepEqual(notedOf(passed).map(textOf), toldBy(passed), `${id}, ${cut} events`);
      }
    }
  });

  test('an index that skips, and text about events, do no harm', () => {
    const text = 'response.output_item.done "output_index"';
    const message = { type: 'message', status: 'in_progress', content: [] };
    const part = { type: 'output_text', text: '' };
    const at = { output_index: 0, content_index: 0 };
    const events = [
      { type: 'response.output_item.added', output_index: 0, item: message },
      { type: 'response.content_part.added', ...at, part },
      { type: 'response.content_part.added', ...at, content_index: 1e9, part },
      { type: 'response.output_text.delta', ...at, delta: text },
      { type: 'response.output_item.added', output_index: 1e9, item: message },
      { type: 'response.output_item.added', output_index: 7, item: { type: 'reasoning' } },
    ];
    const noted = notedOf(events.map((event) => Buffer.from(JSON.stringify(event))));
    assert.deepEqual(noted, [
      { ...message, status: 'incomplete', content: [{ type: 'output_text', text }] },
      { type: 'reasoning' },
      { ...message, status: 'incomplete' },
    ]);
  });
});
