import type { AnswerSource, StreamStep } from '../dialect.ts';
import type { StreamPart } from '../ir/stream-part.ts';
import { asObject, asObjects, asText, type JsonObject, parseEvent } from '../json-object.ts';
import type { EventData } from '../wire-format.ts';
import { decodeAnnotation } from './annotations.ts';
import { createBlockQueue } from './block-queue.ts';
import { decodeFinish } from './finish-reasons.ts';
import { endItem, endPart, HEADS, keyOf, type OutputReading, openCall } from './read-output.ts';
import { PART_BREAK } from './reasoning-state.ts';
import { readResponsesUsage } from './usage.ts';

/** Reads a stream of the Responses API; unknown events are skipped. */
export function streamDecoder(source: AnswerSource): StreamStep<EventData, StreamPart> {
  const reading = createReading(source);
  let isStarted = false;
  let isOver = false;

  const readEvent = (event: JsonObject): StreamPart[] => {
    const type = asText(event['type']) ?? (event['error'] ? 'error' : '');
    const response = asObject(event['response']);
    if (type === 'error' || type === 'response.failed') {
      isOver = true;
      return [...reading.queue.take(), decodeFailure(response['error'] ?? event['error'] ?? event)];
    }
    READERS[type]?.(reading, event);
    if (type !== 'response.completed' && type !== 'response.incomplete') {
      return reading.queue.take();
    }
    isOver = true;
    return decodeEnd(reading, response);
  };

  return {
    push({ data }) {
      if (isOver) return [];
      const event = parseEvent(data);
      const parts = readEvent(event);
      if (isStarted || (parts.length === 0 && event['response'] === undefined)) return parts;
      isStarted = true;
      return [decodeStart(asObject(event['response'])), ...parts];
    },
    // A stream without its terminal event was cut off, and does not tell how the answer ended.
    end: () => [],
  };
}

/** Reads a whole response like a stream that sends only whole items. */
export function decodeResponse(response: JsonObject, source: AnswerSource): StreamPart[] {
  const { error, status } = response;
  if (error || status === 'failed' || status === 'cancelled') {
    return [decodeStart(response), decodeFailure(error ?? response)];
  }
  return [decodeStart(response), ...decodeEnd(createReading(source), response)];
}

function createReading(source: AnswerSource): OutputReading {
  const seen = { call: false, refusal: false };
  return { queue: createBlockQueue(), source, seen, hasItems: false };
}

function decodeStart({ id, model, created_at: createdAt }: JsonObject): StreamPart {
  return {
    type: 'start',
    id: asText(id),
    model: asText(model),
    createdAt: typeof createdAt === 'number' ? createdAt : undefined,
  };
}

function decodeEnd(reading: OutputReading, response: JsonObject): StreamPart[] {
  const items = reading.hasItems ? [] : asObjects(response['output']);
  for (const [index, item] of items.entries()) endItem(reading, index, item);
  reading.queue.closeAll();
  const parts = reading.queue.take();
  const usage = readResponsesUsage(response);
  if (usage !== null) parts.push({ type: 'usage', usage, tier: usage.tier });
  parts.push({ type: 'finish', choice: 0, finish: decodeFinish(response, reading.seen) });
  return parts;
}

function decodeFailure(error: unknown): StreamPart {
  const { message, code, type } = asObject(error);
  const kind = asText(code) ?? (type === 'error' ? undefined : asText(type));
  return { type: 'error', message: asText(message) ?? 'The upstream reported an error.', kind };
}

type Reader = (reading: OutputReading, event: JsonObject) => void;

const READERS: Readonly<Record<string, Reader>> = {
  'response.output_item.added': openItem,
  'response.output_item.done': (reading, { output_index, item }) => {
    reading.hasItems = true;
    endItem(reading, output_index, asObject(item));
  },
  'response.content_part.added': readNewPart,
  'response.content_part.done': (reading, { output_index, content_index, part }) =>
    endPart(reading, keyOf.part(output_index, content_index), asObject(part)),
  'response.output_text.delta': (reading, event) => appendPart(reading, event, 'text'),
  'response.refusal.delta': (reading, event) => {
    reading.seen.refusal = true;
    appendPart(reading, event, 'refusal');
  },
  'response.output_text.annotation.added': readAnnotation,
  'response.function_call_arguments.delta': appendArguments,
  'response.custom_tool_call_input.delta': appendArguments,
  'response.reasoning_summary_part.added': ({ queue }, { output_index }) =>
    breakThought(queue, keyOf.summary(output_index), 'summary'),
  'response.reasoning_summary_text.delta': ({ queue }, { output_index, delta }) =>
    queue.append(keyOf.summary(output_index), HEADS.summary, { text: String(delta) }),
  'response.reasoning_text.delta': ({ queue }, { output_index, delta }) =>
    queue.append(keyOf.raw(output_index), HEADS.raw, { text: String(delta) }),
};

function openItem(reading: OutputReading, { output_index, item }: JsonObject): void {
  const { type } = asObject(item);
  if (type !== 'function_call' && type !== 'custom_tool_call') return;
  openCall(reading, output_index, asObject(item));
}

function readNewPart({ queue }: OutputReading, { output_index, part }: JsonObject): void {
  if (asObject(part)['type'] !== 'reasoning_text') return;
  breakThought(queue, keyOf.raw(output_index), 'raw');
}

/** Adds a break before every part of a text except the first. */
function breakThought(queue: OutputReading['queue'], key: string, kind: 'summary' | 'raw'): void {
  if (queue.textOf(key) !== '') queue.append(key, HEADS[kind], { text: PART_BREAK });
}

function appendPart({ queue }: OutputReading, event: JsonObject, kind: 'text' | 'refusal'): void {
  const { output_index, content_index, delta, logprobs } = event;
  queue.append(keyOf.part(output_index, content_index), HEADS[kind], {
    text: asText(delta) ?? '',
    logprobs,
  });
}

function appendArguments({ queue }: OutputReading, { output_index, delta }: JsonObject): void {
  const key = keyOf.item(output_index);
  // If the item was not opened there is no name yet; the whole item brings the arguments later.
  if (!queue.has(key)) return;
  const unnamed = { type: 'tool_call', id: '', name: '', kind: 'function' } as const;
  queue.append(key, unnamed, { text: asText(delta) ?? '' });
}

function readAnnotation({ queue }: OutputReading, event: JsonObject): void {
  const { output_index, content_index, annotation } = event;
  const key = keyOf.part(output_index, content_index);
  if (queue.has(key)) queue.cite(key, decodeAnnotation(asObject(annotation)));
}
