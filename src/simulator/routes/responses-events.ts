import { type Frame, frame, outputFrame, pieces, reasoningFrame, sse } from '../frame.ts';
import type { Exchange } from './answer-prompt.ts';
import {
  createResponseSnapshot,
  type FunctionCallItem,
  type MessageItem,
  makeOutputItems,
  type OutputItem,
  type ReasoningItem,
  type RefusalPart,
  type TextPart,
} from './responses-snapshot.ts';

/** Writes an event of this item, with the next sequence number. */
type WriteEvent = (type: string, fields: object) => string;

/** The whole life of a streamed response, from `response.created` to its terminal event. */
export function* writeResponsesEvents(exchange: Exchange): Generator<Frame> {
  const snapshot = createResponseSnapshot(exchange);
  const items = makeOutputItems(exchange);
  let sequence = 0;
  const event: WriteEvent = (type, fields) => {
    const wire = sse(
      { type: `response.${type}`, sequence_number: sequence, ...fields },
      `response.${type}`,
    );
    sequence += 1;
    return wire;
  };

  yield frame(event('created', { response: snapshot([], null) }));
  yield frame(event('in_progress', { response: snapshot([], null) }));
  for (const [output_index, item] of items.entries()) {
    yield frame(event('output_item.added', { output_index, item: openItem(item) }));
    const place = { item_id: item.id, output_index };
    yield* writeItem(item, (type, fields) => event(type, { ...place, ...fields }));
    yield frame(event('output_item.done', { output_index, item }));
  }
  // Clients take the answer from the last snapshot, so it holds every item whole.
  const final = snapshot(items, exchange.usage);
  yield frame(event(final.status, { response: final }));
}

/** The item as it stands before its first delta. */
function openItem(item: OutputItem): object {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] };
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' };
  }
}

function writeItem(item: OutputItem, event: WriteEvent): Generator<Frame> {
  switch (item.type) {
    case 'reasoning':
      return writeReasoning(item, event);
    case 'message':
      return writeMessage(item, event);
    case 'function_call':
      return writeFunctionCall(item, event);
  }
}

function* writeReasoning({ summary }: ReasoningItem, event: WriteEvent): Generator<Frame> {
  for (const [summary_index, part] of summary.entries()) {
    const { text } = part;
    const open = { ...part, text: '' };
    yield frame(event('reasoning_summary_part.added', { summary_index, part: open }));
    for (const delta of pieces(text)) {
      yield reasoningFrame(event('reasoning_summary_text.delta', { summary_index, delta }), delta);
    }
    yield frame(event('reasoning_summary_text.done', { summary_index, text }));
    yield frame(event('reasoning_summary_part.done', { summary_index, part }));
  }
}

function* writeMessage({ content }: MessageItem, event: WriteEvent): Generator<Frame> {
  for (const [content_index, part] of content.entries()) {
    const write: WriteEvent = (type, fields) => event(type, { content_index, ...fields });
    if (part.type === 'refusal') yield* writeRefusal(part, write);
    else yield* writeText(part, write);
    yield frame(write('content_part.done', { part }));
  }
}

function* writeText(part: TextPart, event: WriteEvent): Generator<Frame> {
  const { text, logprobs } = part;
  yield frame(event('content_part.added', { part: { ...part, text: '' } }));
  for (const delta of pieces(text)) {
    yield outputFrame(event('output_text.delta', { logprobs, delta }), delta);
  }
  yield frame(event('output_text.done', { logprobs, text }));
}

function* writeRefusal(part: RefusalPart, event: WriteEvent): Generator<Frame> {
  const { refusal } = part;
  yield frame(event('content_part.added', { part: { ...part, refusal: '' } }));
  for (const delta of pieces(refusal)) {
    yield outputFrame(event('refusal.delta', { delta }), delta);
  }
  yield frame(event('refusal.done', { refusal }));
}

function* writeFunctionCall(item: FunctionCallItem, event: WriteEvent): Generator<Frame> {
  // The name went out when the item was opened.
  let uncounted = item.name;
  for (const delta of pieces(item.arguments)) {
    yield outputFrame(event('function_call_arguments.delta', { delta }), uncounted + delta);
    uncounted = '';
  }
  const { name, arguments: text } = item;
  yield frame(event('function_call_arguments.done', { name, arguments: text }));
}
